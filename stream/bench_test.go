package stream_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"binnacle/stream"

	"github.com/gorilla/websocket"
)

// viewersOf is the environment variable that turns the test binary into viewers of a server: the benchmark counts its own
// process's CPU, so that they must be in another.
const viewersOf = "BINNACLE_BENCH_VIEWERS"

const (
	benchViewers = 50
	benchBytes   = 60 << 10
	benchRate    = 30 // pictures a second
)

// view reads pictures with benchViewers sockets, acknowledges each, and prints how many came, until its input ends.
func view(url string) {
	var seen atomic.Int64
	for range benchViewers {
		conn, _, err := websocket.DefaultDialer.Dial(url, http.Header{"Origin": {origin}})
		if err == nil {
			err = conn.WriteMessage(websocket.TextMessage, []byte(`{"t":"hello","v":1,"credential":"c"}`))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go func() { // ends with the process
			var head [stream.PictureHeaderBytes]byte
			for {
				_, r, err := conn.NextReader()
				if err != nil {
					return
				}
				if _, err := io.ReadFull(r, head[:]); err != nil {
					return
				}
				if _, err := io.Copy(io.Discard, r); err != nil {
					return
				}
				seen.Add(1)
				if conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"t":"ack","seq":%d}`, binary.BigEndian.Uint64(head[8:]))) != nil {
					return
				}
			}
		}()
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	fmt.Println(seen.Load())
}

// BenchmarkPicture shows one session's pictures to 50 viewers on the loopback, 60 KB at 30 a second, with a Peer each, and beside it
// with a goroutine that writes a copy of its own with WriteMessage. Run with -benchtime 150x or more.
func BenchmarkPicture(b *testing.B) {
	b.Run("peer", func(b *testing.B) {
		show(b, func(w http.ResponseWriter, r *http.Request, joined chan<- func(*stream.Picture)) {
			p, err := stream.Accept(w, r, stream.Config{Origins: []string{origin}})
			if err != nil {
				b.Error(err)
				return
			}
			joined <- p.SetPicture
			_ = p.Run(context.Background(), func(stream.ClientMessage) error { return nil })
		})
	})
	b.Run("naive", func(b *testing.B) {
		show(b, func(w http.ResponseWriter, r *http.Request, joined chan<- func(*stream.Picture)) {
			upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
			conn, err := upgrader.Upgrade(w, r, nil)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			slot := make(chan *stream.Picture, 1)
			var writer sync.WaitGroup
			writer.Go(func() {
				for p := range slot {
					h := p.Header()
					if conn.WriteMessage(websocket.BinaryMessage, append(append([]byte(nil), h[:]...), p.Data...)) != nil {
						return
					}
				}
			})
			joined <- func(p *stream.Picture) {
				select {
				case slot <- p:
				default:
				}
			}
			for {
				_, text, err := conn.ReadMessage()
				if err != nil {
					break
				}
				if _, err := stream.DecodeClient(text); err != nil {
					b.Error(err)
				}
			}
			close(slot)
			writer.Wait()
		})
	})
}

func show(b *testing.B, serve func(http.ResponseWriter, *http.Request, chan<- func(*stream.Picture))) {
	joined := make(chan func(*stream.Picture), benchViewers)
	var running sync.WaitGroup
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running.Add(1)
		defer running.Done()
		serve(w, r, joined)
	}))
	viewers := exec.Command(os.Args[0])
	viewers.Env = append(os.Environ(), viewersOf+"=ws"+strings.TrimPrefix(server.URL, "http"))
	viewers.Stderr = os.Stderr
	input, err := viewers.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	output, err := viewers.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := viewers.Start(); err != nil {
		b.Fatal(err)
	}
	var to []func(*stream.Picture)
	for range benchViewers {
		to = append(to, wait(b, joined, "a viewer"))
	}

	tick := time.NewTicker(time.Second / benchRate)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	cpu := processCPU(b)
	b.ResetTimer()
	for seq := range b.N {
		<-tick.C
		p := picture(uint64(seq+1), benchBytes)
		for _, set := range to {
			set(p)
		}
	}
	<-tick.C // the last one is on its way
	b.StopTimer()
	cpu = processCPU(b) - cpu
	runtime.ReadMemStats(&after)
	tick.Stop()

	_ = input.Close()
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	if err := viewers.Wait(); err != nil {
		b.Fatal(err)
	}
	seen, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || seen == 0 {
		b.Fatalf("viewers saw %q pictures", line)
	}
	server.Close()
	running.Wait()
	b.ReportMetric(float64(cpu.Microseconds())/float64(seen), "cpu-µs/picture/viewer")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(seen), "allocs/picture/viewer")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(seen), "B/picture/viewer")
	b.ReportMetric(float64(seen)/float64(b.N*benchViewers), "seen")
	b.ReportMetric(0, "ns/op") // the ticker's, not ours
}

// processCPU is the user and system time of this process.
func processCPU(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkDecodeMouseMove is the most frequent message.
func BenchmarkDecodeMouseMove(b *testing.B) {
	message := []byte(`{"t":"input","turn":3,"kind":"mouse","type":"move","x":410,"y":95.5,"buttons":1}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := stream.DecodeClient(message); err != nil {
			b.Fatal(err)
		}
	}
}
