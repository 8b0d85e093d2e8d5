package diagram

// highlight marks what --highlight names.
func (d *drawing) highlight() error { return nil }
