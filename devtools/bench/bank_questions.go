package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"

	"shiken/exam"
	"shiken/store"
)

// The words that the questions of the bank are made of, the frequent ones first.
var (
	japanese = strings.Fields(`構造 設計 建築 荷重 部材 応力 柱 梁 基礎 地盤 鉄筋 コンクリート 鋼 木造 耐震 断面 曲げ せん断 座屈 モーメント
		法規 用途地域 容積率 建ぺい率 避難 防火 換気 採光 照明 熱 湿気 音響 色彩 給水 排水 空調 電気 施工 工程 品質 安全 契約 積算 測量 足場 型枠
		養生 仕上げ 塗装 左官 屋根 外壁 内装 開口部 杭 擁壁 免震 制振 溶接 高力ボルト 合板 集成材 継手 仕口 勾配 透水 凍結 液状化 固有周期 剛性率 偏心率`)
	english = strings.Fields(`the of structure load beam column building design concrete steel timber foundation soil stress section bending shear
		moment buckling code zoning floor area ratio fire escape ventilation daylight lighting heat humidity acoustics colour water drainage air
		power site schedule quality safety contract estimate survey scaffold formwork curing finish paint plaster roof wall interior opening pile
		retaining isolation damping welding bolt plywood laminated joint slope freezing liquefaction period stiffness eccentricity`)
	categories = strings.Fields(`計画 環境 法規 構造 施工 planning environment law structures construction`)
)

// pick prefers the words at the beginning of a list, as languages do.
func pick(r *rand.Rand, words []string) string {
	return words[int(float64(len(words))*r.Float64()*r.Float64())]
}

func sentence(r *rand.Rand, n int, foreign bool) string {
	var b strings.Builder
	for i := range n {
		switch {
		case foreign && i > 0:
			b.WriteString(" " + pick(r, english))
		case foreign:
			b.WriteString(pick(r, english))
		default:
			b.WriteString(pick(r, japanese) + []string{"の", "に", "を", "と", "が"}[i%5])
		}
	}
	if foreign {
		return b.String() + "."
	}
	return b.String() + "こと。"
}

// writeBank writes a file of n choices, a half of them in Japanese.
func writeBank(path string, n int) (err error) {
	file, err := os.Create(path) //nolint:gosec // in the bench's own folder
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(file)
	w := csv.NewWriter(buffered)
	_ = w.Write(strings.Split("id,category,year,question,option_a,option_b,option_c,option_d,correct_answer,explanation,reference,tags", ","))
	r := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // the same each time
	for i := range n {
		foreign := i%2 == 1
		_ = w.Write([]string{
			strconv.Itoa(i + 1), pick(r, categories), strconv.Itoa(2000 + i%25), fmt.Sprintf("%d: %s", i+1, sentence(r, 8, foreign)),
			sentence(r, 2, foreign), sentence(r, 2, foreign) + "1", sentence(r, 2, foreign) + "2", sentence(r, 2, foreign) + "3",
			string("ABCD"[r.IntN(4)]), "", "", "tag" + strconv.Itoa(int(400*r.Float64()*r.Float64())),
		})
	}
	w.Flush()
	if err = w.Error(); err == nil {
		err = buffered.Flush()
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	return err
}

// searches are what authors ask for: frequent and rare words, parts of them, several at once, what is in every
// text and what is in none, nothing at all, alone and with filters, on the first pages and on later ones.
func searches() []store.SetQuery {
	r := rand.New(rand.NewPCG(2, 2)) //nolint:gosec // the same each time
	var list []store.SetQuery
	for i := range 600 {
		var q store.SetQuery
		switch word := pick(r, japanese); i % 12 {
		case 0:
			q.Search = word
		case 1:
			q.Search = pick(r, english)
		case 2:
			q.Search = word + "の" + pick(r, japanese)
		case 3:
			q.Search = pick(r, english) + " " + pick(r, english)
		case 4:
			q.Search = strconv.Itoa(r.IntN(100_000)) + ": "
		case 5:
			q.Search = string([]rune(word)[:1])
		case 6:
			q.Tag = "tag" + strconv.Itoa(r.IntN(400))
		case 7:
			q.Search = "存在しない語" + word
		case 8:
			q.Search = pick(r, english)[:2]
		case 9:
			q.Search = []string{"こと", "の", "the", "1"}[r.IntN(4)]
		case 10: // from the middle of one word to that of the next
			q.Search = string([]rune(word)[1:]) + "の" + string([]rune(pick(r, japanese))[:1])
		}
		if r.IntN(3) == 0 {
			q.Category = pick(r, categories)
		}
		if r.IntN(3) == 0 {
			q.Year = 2000 + r.IntN(25)
		}
		if r.IntN(4) == 0 {
			q.Type = exam.SingleChoice
		}
		if r.IntN(4) == 0 {
			q.State = store.QuestionApproved
		}
		if r.IntN(2) == 0 {
			q.Set = "bank"
		}
		if r.IntN(5) == 0 {
			q.Offset = 50 * r.IntN(20)
		}
		list = append(list, q)
	}
	return list
}
