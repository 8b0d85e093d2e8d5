package diagram

// waterfallLabel is the table of waits below a journey.
func (p *Picture) waterfallLabel() string { return "" }
