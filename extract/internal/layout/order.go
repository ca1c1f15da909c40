package layout

// order keeps the order in which the page was drawn, which most producers write in reading order.
func order(rows []row, width float64) []row {
	return rows
}
