package journal

import (
	"context"
	"database/sql"
	"time"
)

// Spending is what one model cost. Added up by UTC day, provider and model.
type Spending struct {
	Day       time.Time // any time of the day when adding; midnight UTC when read
	Provider  string
	Model     string
	Calls     int
	TokensIn  int64
	TokensOut int64
	USD       float64 // 0 where the price is not known
}

// AddSpend adds s to its day; a zero Day means now.
func (j *Journal) AddSpend(ctx context.Context, s Spending) error {
	if s.Day.IsZero() {
		s.Day = j.now()
	}
	return j.update(ctx, "note spending", func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO spend (day, provider, model, calls, tokens_in, tokens_out, usd) VALUES (?,?,?,?,?,?,?)
			ON CONFLICT (day, provider, model) DO UPDATE SET calls=calls+excluded.calls, tokens_in=tokens_in+excluded.tokens_in,
				tokens_out=tokens_out+excluded.tokens_out, usd=usd+excluded.usd`,
			s.Day.UTC().Format(time.DateOnly), s.Provider, s.Model, s.Calls, s.TokensIn, s.TokensOut, s.USD)
		return err
	})
}

// Spend lists the days since the given one (included), oldest first.
func (j *Journal) Spend(ctx context.Context, since time.Time) ([]Spending, error) {
	rows, err := j.read.QueryContext(ctx, `SELECT day, provider, model, calls, tokens_in, tokens_out, usd FROM spend
		WHERE day >= ? ORDER BY day, provider, model`, since.UTC().Format(time.DateOnly))
	if err != nil {
		return nil, j.wrap("read spending", err)
	}
	defer rows.Close()
	var out []Spending
	for rows.Next() {
		var s Spending
		var day string
		if err := rows.Scan(&day, &s.Provider, &s.Model, &s.Calls, &s.TokensIn, &s.TokensOut, &s.USD); err != nil {
			return nil, j.wrap("read spending", err)
		}
		if s.Day, err = time.Parse(time.DateOnly, day); err != nil {
			return nil, j.wrap("read spending", err)
		}
		out = append(out, s)
	}
	return out, j.wrap("read spending", rows.Err())
}
