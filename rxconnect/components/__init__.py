"""Pure pieces of pages: Vars in, markup out. Only the stylesheet knows colours."""
