package gallery

import (
	"context"
	"html/template"
	"io"

	"github.com/a-h/templ"

	"shiken/static"
)

// sheet is a page of the gallery itself. Its words are for those who build pages.
var sheet = template.Must(template.New("sheet").Parse(`{{define "head"}}<!DOCTYPE html>
<html lang="en" dir="{{.Dir}}" data-theme="{{.Theme}}" data-text="{{.Text}}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title><link rel="icon" href="{{.Icon}}"><link rel="stylesheet" href="{{.Sheet}}"></head>
<body><header class="bar"><a class="brand" href="/">Components</a></header><main id="main" class="medium"><h1>{{.Title}}</h1>{{end}}
{{define "foot"}}</main></body></html>{{end}}

{{define "index"}}{{template "head" .}}
<p><a href="/parts?{{.Query}}">Parts in all their states</a></p>
<ul class="plain facts">{{range .Looks}}<li><a href="{{.Path}}">{{.Words}}</a></li>{{end}}</ul>
<ul>{{range .States}}<li><a href="{{.Path}}">{{.Words}}</a></li>{{end}}</ul>
{{template "foot" .}}{{end}}

{{define "parts"}}{{template "head" .}}
<h2>Buttons</h2>
<div class="actions-here">
<button>Button</button><button class="primary">Primary</button><button class="quiet">Quiet</button><button class="primary large">Large</button>
<button aria-pressed="true">Chosen</button><button aria-pressed="false">Not chosen</button><button disabled>Disabled</button><a class="button" href="#main">Link</a></div>
<h2>Boxes</h2>
<p class="note">A note: something to know.</p>
<p class="warning">A warning: something to look at.</p>
<div class="alert"><h3>An alert</h3><p>What is true, what is safe, what to do.</p></div>
<p class="error">An error in a form.</p>
<div class="card"><p>A card with <a href="#main">a link</a>, <code>code</code> and <kbd>N</kbd>.</p><p class="hint">A hint.</p></div>
<h2>Fields</h2>
<div class="field"><label for="text">Text</label><input id="text" type="text" value="typed"></div>
<div class="field"><label for="off">Text that cannot be changed</label><input id="off" type="text" value="typed" disabled></div>
<div class="field"><label for="list">List</label><select id="list"><option>one</option><option>two</option></select></div>
<div class="field"><label for="area">Text area</label><textarea id="area" rows="3">typed</textarea></div>
<h2>Choices</h2>
<fieldset class="answer"><legend>Choose one</legend>
<label class="choice"><input type="radio" name="r"><span class="option-letter">A</span><span>Not chosen</span></label>
<label class="choice"><input type="radio" name="r" checked><span class="option-letter">B</span><span>Chosen</span></label></fieldset>
<fieldset class="answer" disabled><legend>Closed</legend>
<label class="choice"><input type="radio" name="d"><span class="option-letter">A</span><span>Not chosen</span></label>
<label class="choice"><input type="radio" name="d" checked><span class="option-letter">B</span><span>Chosen</span></label></fieldset>
<h2>Positions</h2>
<ol class="positions">
<li><button class="position position-answered"><span>1</span><span class="position-sign">✓</span></button></li>
<li><button class="position position-unanswered"><span>2</span><span class="position-sign">○</span></button></li>
<li><button class="position position-answered position-flagged"><span>3</span><span class="position-sign">✓⚑</span></button></li>
<li><button class="position position-unanswered position-flagged"><span>4</span><span class="position-sign">○⚑</span></button></li>
<li><button class="position position-answered" aria-current="step"><span>5</span><span class="position-sign">✓◆</span></button></li>
<li><button class="position position-answered position-flagged" aria-current="step"><span>6</span><span class="position-sign">✓⚑■◆</span></button></li>
<li><button class="position position-information"><span>7</span><span class="position-sign">i</span></button></li></ol>
<h2>Time and state</h2>
<p class="timer"><span class="timer-label">Time left</span> <span class="timer-left">29:30</span></p>
<p class="timer timer-low"><span class="timer-label">Time left</span> <span class="timer-left">04:59</span></p>
<p class="saved-state">✓ Saved 09:14:07</p><p class="saved-state state-changed">Changed, not saved yet</p>
<progress class="progress" max="10" value="3" aria-label="3 of 10"></progress>
<p class="facts"><span class="verdict verdict-correct">✓ Right</span> <span class="verdict verdict-partly">△ Partly right</span> <span class="verdict verdict-wrong">✕ Not right</span> <span class="flagged">⚑ flagged</span></p>
<h2>Text of questions</h2>
<div class="rich card"><p>Text with <code>code</code>, <kbd>Ctrl</kbd>, <strong>strong</strong> and <em>stressed</em> words.</p>
<p lang="ja">東京都<ruby>渋谷<rt>しぶや</rt></ruby>区の<ruby>人口<rt>じんこう</rt></ruby>。</p>
<pre tabindex="0">for i := range 10 {
	fmt.Println(i)
}</pre><table><tr><th>n</th><td>1</td><td>2</td></tr></table></div>
{{template "foot" .}}{{end}}`))

type link struct{ Path, Words string }

type sheetView struct {
	Title, Dir, Theme, Text, Query, Icon, Sheet string
	Looks, States                               []link
}

func sheetIn(look Look, title string) sheetView {
	query := look.Path("")[2:]
	display := look.Display.String()
	theme, text := display[:len(display)-4], display[len(display)-3:]
	return sheetView{
		Title: title, Dir: look.locale().Dir(), Theme: theme, Text: text, Query: query,
		Icon: static.Path("icon.svg"), Sheet: static.Path("app.css"),
	}
}

func (v sheetView) as(name string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { return sheet.ExecuteTemplate(w, name, v) })
}

func parts(look Look) templ.Component { return sheetIn(look, "Parts").as("parts") }

func index(look Look) templ.Component {
	v := sheetIn(look, "States of the candidate's pages")
	for _, state := range States() {
		v.States = append(v.States, link{look.Path(state.Name), state.Name})
	}
	for _, other := range Looks() {
		v.Looks = append(v.Looks, link{other.Path(""), other.Lang + " " + other.Display.String()})
	}
	return v.as("index")
}
