"""Lawyers: families ask a facility to verify them as lawyers, its administrators answer, and a verification ends."""
