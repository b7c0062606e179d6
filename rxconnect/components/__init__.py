"""Pure components for pages: Vars in, markup out. Only the stylesheet knows colours."""
