"""Paper: until a facility has tablets, letters and notices are printed and handed over, and replies come on paper."""
