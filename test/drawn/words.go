package drawn

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

var common = strings.Fields(`the council of harbour agreed that repairs begin in spring and will last until autumn when ships return with
goods from many towns which were counted every evening by clerks who wrote them down under lamps near water while others slept there was no
money left for bridges so people crossed by boat each morning before work started again after winter had passed`)

var places = strings.Fields(`Aldbury Barnet Chelwood Dunmore Eastleigh Farnham Gosport Hartwell Ipswich Kendal Lowestoft Maldon Newport Oakham
Penrith Redcar Selby Thornton Uckfield Ventnor Wareham Yeovil Bristol Camden Denby Everton Fleetwood Grantham`)

var things = strings.Fields(`timber cement gravel copper bricks paint glass nails rope canvas flour sugar coffee cotton paper linen candles
lamps tools barrels pumps valves cables anchors engines wheels`)

var states = strings.Fields(`open closed pending approved refused delivered returned waiting cancelled finished`)

var heads = strings.Fields(`Town Goods Amount Total Price Count Weight State Region Owner Budget Actual Change Share Rate Stock`)

// amount is a figure as tables have them.
func amount(r *rand.Rand) string {
	n := 100 + r.IntN(90_000)
	if n < 1000 || r.IntN(2) == 0 {
		return fmt.Sprintf("%d.%02d", n%1000, r.IntN(100))
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// text is a short text as cells have them, of one word to most.
func text(r *rand.Rand, most int) string {
	lists := [][]string{places, things, states}
	out := pick(r, lists[r.IntN(len(lists))])
	for range r.IntN(most) {
		out += " " + pick(r, things)
	}
	return out
}
