"""Programs of ours that read what strangers have sent: each in a process with little memory and none of our secrets."""
