"""What is sealed can be read as the same row's, with the same secret, and in no other way."""

from rxconnect.services.second_factors.sealing import seal, unseal


def test_a_secret_is_read_as_it_was_sealed_and_never_looks_the_same_twice(database):
    one, other = seal("code app", "7", "JBSWY3DP"), seal("code app", "7", "JBSWY3DP")
    assert unseal("code app", "7", one) == unseal("code app", "7", other) == "JBSWY3DP"
    assert one != other


def test_a_secret_copied_to_another_row_or_for_another_purpose_is_not_read(database):
    sealed = seal("code app", "7", "JBSWY3DP")
    assert unseal("code app", "8", sealed) is None
    assert unseal("another", "7", sealed) is None


def test_another_installation_cannot_read_it(database, setting):
    sealed = seal("code app", "7", "JBSWY3DP")
    setting(secret_key="another secret of 32 characters!")
    assert unseal("code app", "7", sealed) is None
