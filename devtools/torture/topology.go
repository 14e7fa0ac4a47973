package torture

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"shiken/devtools/cluster"
	"shiken/devtools/services"
	"shiken/exam"
)

// instances is how many serve.
const instances = 3

//go:embed exams
var exams embed.FS

// The exams that are sat.
const (
	freeExam     = "torture-free"
	linearExam   = "torture-linear"
	timedExam    = "torture-timed"
	practiceExam = "torture-practice"
	deviceExam   = "torture-device"
)

var examSlugs = []string{freeExam, linearExam, timedExam, practiceExam, deviceExam}

// topology is the cluster with the fault proxies in it.
type topology struct {
	*cluster.Cluster
	links *links
	front string // base URL of the clients
	// lockAlways: the lock is granted to everybody on every instance, in the whole run.
	lockAlways bool
}

// front is the name of the proxy before the balancer.
const frontLink = "front"

// linkName is the proxy between an instance and one of its servers, "postgres" or "redis".
func linkName(instance, part string) string { return instance + "-" + part }

func startTopology(ctx context.Context, o *Options) (*topology, error) {
	t := &topology{links: newLinks(), lockAlways: o.LockAlways}
	var err error
	t.Cluster, err = cluster.Run(ctx, cluster.Options{
		Instances: instances, Binary: o.Binary, Env: o.environment(),
		Route: func(instance, part, addr string) (string, error) {
			return t.links.open(linkName(instance, part), addr)
		},
	})
	if err != nil {
		t.links.close()
		return nil, err
	}
	addr, err := t.links.open(frontLink, strings.TrimPrefix(t.URL(), "http://"))
	t.front = "http://" + addr
	if err == nil {
		err = t.loadExams(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

// environment is the same for every instance. Logs of every request would tell nothing that the
// history does not; memory is not scarce, where three instances and all else share the processors.
func (o *Options) environment() map[string]string {
	env := map[string]string{"SHIKEN_LOG": "json,warn", "GOGC": "400"}
	if o.LockAlways {
		env["SHIKEN_LOCK_ALWAYS"] = "1"
	}
	if o.Bug != "" {
		env["SHIKEN_BUG"] = o.Bug
	}
	return env
}

// loadExams loads the questions, then the exams that draw them.
func (t *topology) loadExams(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "shiken-torture-exams-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // temporary
	if err := os.CopyFS(dir, exams); err != nil {
		return err
	}
	files, err := fs.Glob(exams, "exams/*.yaml")
	if err != nil {
		return err
	}
	for _, name := range append([]string{"exams/torture.gift"}, files...) {
		if out, err := t.Instances[0].Command(ctx, "load", filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("torture: load %s: %w\n%s", name, err, out)
		}
	}
	return nil
}

// clock is what the database's clock shows.
func (t *topology) clock(ctx context.Context) (exam.Instant, error) {
	conn, err := pgx.Connect(ctx, t.DatabaseURL())
	if err != nil {
		return 0, err
	}
	var now exam.Instant
	err = conn.QueryRow(ctx, `SELECT shiken_now()`).Scan(&now)
	return now, errors.Join(err, conn.Close(ctx))
}

// recovered waits until every instance says that all is normal again (docs/design.md §6, stage 1).
func (t *topology) recovered(ctx context.Context) error {
	const patience = 30 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var errs []error
	for _, i := range t.Instances {
		errs = append(errs, services.Poll(ctx, func(ctx context.Context) error {
			is, err := i.Stage(ctx)
			if err == nil && is != 1 {
				err = fmt.Errorf("torture: %s is at stage %d", i.Name, is)
			}
			return err
		}))
	}
	return errors.Join(errs...)
}

func (t *topology) close() error {
	err := t.Close()
	t.links.close()
	return err
}
