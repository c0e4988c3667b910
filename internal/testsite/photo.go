package testsite

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

const photoCount, photoWidth, photoHeight = 4, 1200, 750

// photos are pictures with the grain of photographs, made by arithmetic: sky, hills, water. They are drawn when first asked for.
type photos struct {
	mu    sync.Mutex
	drawn map[string][]byte // by file name
}

// serve answers /photo/{n}.jpg and /photo/{n}.png.
func (p *photos) serve(w http.ResponseWriter, r *http.Request) {
	file := r.PathValue("file")
	base, kind, _ := strings.Cut(file, ".")
	n, err := strconv.Atoi(base)
	if err != nil || n < 1 || n > photoCount || kind != "jpg" && kind != "png" {
		http.NotFound(w, r)
		return
	}
	content, err := p.picture(file, n, kind)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", map[string]string{"jpg": "image/jpeg", "png": "image/png"}[kind])
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Write(content)
}

func (p *photos) picture(file string, n int, kind string) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if content := p.drawn[file]; content != nil {
		return content, nil
	}
	var content bytes.Buffer
	var err error
	if picture := draw(n); kind == "png" {
		err = png.Encode(&content, picture)
	} else {
		err = jpeg.Encode(&content, picture, &jpeg.Options{Quality: 88})
	}
	if err != nil {
		return nil, err
	}
	if p.drawn == nil {
		p.drawn = make(map[string][]byte)
	}
	p.drawn[file] = content.Bytes()
	return content.Bytes(), nil
}

type rgb struct{ r, g, b float64 }

func (a rgb) mix(b rgb, t float64) rgb {
	t = min(max(t, 0), 1)
	return rgb{a.r + (b.r-a.r)*t, a.g + (b.g-a.g)*t, a.b + (b.b-a.b)*t}
}

// scene is a time of day: colours of the sky, the sun and its place, the nearest hill.
type scene struct {
	zenith, horizon, sun, hill rgb
	sunX, sunY                 float64 // of width, of height
}

func scenes() [photoCount]scene {
	return [photoCount]scene{
		{rgb{38, 66, 118}, rgb{250, 190, 140}, rgb{255, 236, 200}, rgb{20, 34, 54}, 0.68, 0.47},
		{rgb{70, 132, 196}, rgb{206, 226, 238}, rgb{255, 252, 240}, rgb{28, 66, 60}, 0.25, 0.16},
		{rgb{20, 22, 58}, rgb{214, 96, 92}, rgb{255, 188, 120}, rgb{14, 14, 32}, 0.42, 0.52},
		{rgb{120, 138, 156}, rgb{208, 214, 218}, rgb{240, 240, 236}, rgb{52, 62, 72}, 0.8, 0.3},
	}
}

func draw(n int) *image.RGBA {
	const horizon = 0.58
	sc := scenes()[n-1]
	seed := uint32(n * 7919)
	picture := image.NewRGBA(image.Rect(0, 0, photoWidth, photoHeight))
	var tops [4][photoWidth]float64 // of the hills, far ones first
	for layer := range tops {
		near := float64(layer+1) / 4
		for px := range photoWidth {
			x := float64(px) / photoWidth
			rise := fractal(seed+uint32(layer)*31+9, x*(2.2+near*2.5), near*7, 6) - 0.42
			tops[layer][px] = horizon - 0.20 + near*0.12 - rise*(0.34-near*0.12)
		}
	}
	above := func(x, y float64) rgb { // what is seen over the water at x, y in 0…1
		sky := sc.zenith.mix(sc.horizon, math.Pow(y/horizon, 1.4))
		cloud := fractal(seed, x*3.2, y*9, 5)
		sky = sky.mix(sc.horizon.mix(rgb{255, 255, 255}, 0.55), (cloud-0.52)*2.2*(1-y/horizon*0.5))
		distance := math.Hypot((x-sc.sunX)*1.6, y-sc.sunY)
		sky = sky.mix(sc.sun, math.Exp(-distance*9)*0.8).mix(sc.sun, (0.028-distance)*300)
		for layer := range tops { // haze takes the colour of the far ones
			near, top := float64(layer+1)/4, tops[layer][min(max(int(x*photoWidth), 0), photoWidth-1)]
			if y > top {
				hill := sc.horizon.mix(sc.hill, 0.25+near*0.7)
				shade := fractal(seed+77, x*40, y*55, 3) - 0.5
				sky = hill.mix(rgb{0, 0, 0}, shade*0.5*near).mix(sc.horizon, (y-top)*1.2*(1-near))
			}
		}
		return sky
	}
	for py := range photoHeight {
		y := float64(py) / photoHeight
		for px := range photoWidth {
			x := float64(px) / photoWidth
			var c rgb
			if y <= horizon {
				c = above(x, y)
			} else {
				depth := (y - horizon) / (1 - horizon)
				wave := fractal(seed+5, x*(14-depth*8), math.Sqrt(depth)*46, 4) - 0.5
				c = above(x+wave*0.035*depth, min(horizon-(y-horizon)*0.9+wave*0.06, horizon))
				c = c.mix(sc.zenith, 0.25+depth*0.3).mix(rgb{255, 255, 255}, (wave-0.17)*1.1)
				glitter := math.Exp(-math.Abs(x-sc.sunX)*(16-depth*9)) * (wave + 0.12) * 2.4
				c = c.mix(sc.sun, glitter)
			}
			grain := (hash(uint32(px), uint32(py), seed) - 0.5) * 11
			edge := 1 - 0.28*math.Pow(math.Hypot(x-0.5, y-0.5)*1.3, 2.4)
			picture.SetRGBA(px, py, color.RGBA{channel(c.r*edge + grain), channel(c.g*edge + grain), channel(c.b*edge + grain), 255})
		}
	}
	return picture
}

func channel(v float64) uint8 { return uint8(min(max(v, 0), 255)) }

// fractal is value noise in 0…1 of several octaves.
func fractal(seed uint32, x, y float64, octaves int) float64 {
	sum, weight, total := 0.0, 1.0, 0.0
	for o := range octaves {
		sum += smooth(seed+uint32(o)*101, x, y) * weight
		total += weight
		weight /= 2
		x, y = x*2.03, y*2.03
	}
	return sum / total
}

func smooth(seed uint32, x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	tx, ty := x-fx, y-fy
	tx, ty = tx*tx*(3-2*tx), ty*ty*(3-2*ty)
	ix, iy := uint32(int32(fx)), uint32(int32(fy))
	top := hash(ix, iy, seed)*(1-tx) + hash(ix+1, iy, seed)*tx
	bottom := hash(ix, iy+1, seed)*(1-tx) + hash(ix+1, iy+1, seed)*tx
	return top*(1-ty) + bottom*ty
}

// hash gives each point a number in 0…1.
func hash(x, y, seed uint32) float64 {
	h := x*374761393 + y*668265263 + seed*2246822519
	h = (h ^ h>>13) * 1274126177
	return float64(h^h>>16) / math.MaxUint32
}
