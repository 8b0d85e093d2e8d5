package databaseperservice_test

import (
	"context"
	"fmt"

	databaseperservice "github.com/archcheck/archcheck/examples/patterns/database-per-service"
)

// Orders works from its copy: out-of-order and repeated events change nothing,
// inventory's absence neither, and its tables are out of reach.
func Example() {
	ctx := context.Background()
	inventoryDB, err := databaseperservice.Open(ctx, databaseperservice.InventorySchema)
	if err != nil {
		fmt.Println(err)
		return
	}
	ordersDB, err := databaseperservice.Open(ctx, databaseperservice.OrdersSchema)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ordersDB.Close()
	inventory := databaseperservice.Inventory{DB: inventoryDB}
	orders := databaseperservice.Orders{DB: ordersDB}

	for _, units := range []int{5, 0, 3} {
		if err := inventory.Set(ctx, "lamp", units); err != nil {
			fmt.Println(err)
			return
		}
	}
	events, err := inventory.Events(ctx)
	fmt.Println(events, err)

	apply := func(order ...int) {
		for _, n := range order {
			if err := orders.Apply(ctx, events[n]); err != nil {
				fmt.Println(err)
			}
		}
	}
	apply(0, 1)
	fmt.Println("after 5, 0:", orders.Place(ctx, "o-1", "lamp"))
	apply(2, 1, 0, 2) // 3 arrives, then old and repeated events
	fmt.Println("after 3:", orders.Place(ctx, "o-2", "lamp"))

	inventoryDB.Close()
	fmt.Println("inventory down:", orders.Place(ctx, "o-3", "lamp"))
	_, err = ordersDB.ExecContext(ctx, `SELECT units FROM stock`)
	fmt.Println("inventory's table from orders:", err != nil)
	// Output:
	// [{lamp 5 1} {lamp 0 2} {lamp 3 3}] <nil>
	// after 5, 0: lamp is sold out
	// after 3: <nil>
	// inventory down: <nil>
	// inventory's table from orders: true
}
