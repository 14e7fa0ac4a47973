package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// Draft saves what the question's form holds through the API, as a page does while somebody types, and
// makes the form one that is sent after that. Anything but an applied save is an error.
func (c *Client) Draft(ctx context.Context, f *Form) error {
	seq, err := strconv.ParseInt(f.Fields.Get("seq"), 10, 64)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{
		"rev": json.Number(f.Fields.Get("rev")), "command_id": uuid.NewString(), "page": f.Fields.Get("page"), "seq": seq + 1,
		"opening": json.Number(f.Fields.Get("opening")), "draft": true, "answer": f.answer(),
	})
	if err != nil {
		return err
	}
	saved, err := c.put(ctx, f.sel.AttrOr("data-response", ""), string(body))
	if err != nil {
		return err
	}
	f.Fields.Set("rev", strconv.FormatInt(saved.Rev, 10))
	f.Fields.Set("seq", strconv.FormatInt(seq+2, 10))
	f.Fields.Set("command_id", uuid.NewString())
	return nil
}

// answer is the form's answer as the API takes it.
func (f *Form) answer() any {
	keyed := map[string]string{}
	for name := range f.Fields {
		if key, ok := strings.CutPrefix(name, "answer."); ok {
			keyed[key] = f.Fields.Get(name)
		}
	}
	switch answer := f.Fields["answer"]; {
	case len(keyed) > 0:
		return keyed
	case len(answer) == 0 || answer[0] == "":
		return nil
	case f.sel.Find("input[name=answer][type=checkbox]").Length() > 0:
		return answer
	default:
		return answer[0]
	}
}

// savedDraft is the part of the API's answer that a page goes on with.
type savedDraft struct {
	Success bool  `json:"success"`
	Rev     int64 `json:"rev"`
}

func (c *Client) put(ctx context.Context, path, body string) (savedDraft, error) {
	var saved savedDraft
	target, err := c.base.Parse(path)
	if err != nil {
		return saved, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, target.String(), strings.NewReader(body))
	if err != nil {
		return saved, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", c.base.String())
	resp, err := c.http.Do(req)
	if err != nil {
		return saved, err
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return saved, err
	}
	if err := json.Unmarshal(text, &saved); err != nil || !saved.Success {
		return saved, fmt.Errorf("client: PUT %s: %d: %.300s", path, resp.StatusCode, text)
	}
	return saved, nil
}
