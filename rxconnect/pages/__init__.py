"""Pages, one module a screen: a State's vars in, components out."""
