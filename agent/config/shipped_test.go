package config

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// container is what the tests look at in a container of a manifest.
type container struct {
	SecurityContext struct {
		Escalation *bool `yaml:"allowPrivilegeEscalation"`
		ReadOnly   bool  `yaml:"readOnlyRootFilesystem"`
	} `yaml:"securityContext"`
	Liveness  probe `yaml:"livenessProbe"`
	Readiness probe `yaml:"readinessProbe"`
}

type probe struct{ Exec struct{ Command []string } }

// manifest is what the tests look at in a Kubernetes object.
type manifest struct {
	Kind string
	Data map[string]string
	Spec struct {
		Template struct {
			Spec struct {
				Grace          int `yaml:"terminationGracePeriodSeconds"`
				Containers     []container
				InitContainers []container `yaml:"initContainers"`
			}
		}
	}
}

func manifests(t *testing.T) []manifest {
	t.Helper()
	files, err := filepath.Glob("../../configs/kubernetes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no manifests: %v", err)
	}
	var out []manifest
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for dec := yaml.NewDecoder(bytes.NewReader(body)); ; {
			var m manifest
			err := dec.Decode(&m)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			out = append(out, m)
		}
	}
	return out
}

// The shipped manifests configure an agent that starts, and give it time to drain.
func TestKubernetesManifests(t *testing.T) {
	kinds := map[string]int{}
	cfg := Default()
	for _, m := range manifests(t) {
		kinds[m.Kind]++
		if text := m.Data["agent.yaml"]; text != "" {
			if err := cfg.Parse("agent.yaml", []byte(text)); err != nil {
				t.Error(err)
			}
		}
	}
	for _, kind := range []string{"ConfigMap", "PersistentVolumeClaim", "Deployment", "NetworkPolicy", "Job", "PodDisruptionBudget", "StatefulSet", "HorizontalPodAutoscaler"} {
		if kinds[kind] != 1 {
			t.Errorf("%d objects of kind %s", kinds[kind], kind)
		}
	}
	for _, m := range manifests(t) {
		spec := m.Spec.Template.Spec
		if (m.Kind == "Deployment" || m.Kind == "StatefulSet") && time.Duration(spec.Grace)*time.Second <= cfg.Agent.DrainTimeout.D()+5*time.Second {
			t.Errorf("terminationGracePeriodSeconds %d leaves no room after the drain of %s", spec.Grace, cfg.Agent.DrainTimeout)
		}
		for _, c := range slices.Concat(spec.InitContainers, spec.Containers) {
			if p := c.Liveness.Exec.Command; p != nil && (p[len(p)-1] != "health" || c.Readiness.Exec.Command == nil) {
				t.Errorf("the probes of the %s do not ask whether the agent lives and whether it is ready: %v", m.Kind, p)
			}
			if c.SecurityContext.Escalation == nil || *c.SecurityContext.Escalation || !c.SecurityContext.ReadOnly {
				t.Errorf("a container of the %s is not confined", m.Kind)
			}
		}
	}
}

// An agent that was asked to stop exits with 0 and must stay down; one that crashed must come back.
func TestSystemdUnitLeavesAStoppedAgentAlone(t *testing.T) {
	body, err := os.ReadFile("../../configs/systemd/aidoc-agent.service")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^Restart=on-failure$`).Match(body) {
		t.Error("the unit restarts an agent that ended well, or none that crashed")
	}
}

func TestSystemdUnitLeavesTimeToDrain(t *testing.T) {
	body, err := os.ReadFile("../../configs/systemd/aidoc-agent.service")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^TimeoutStopSec=(\d+)$`).FindSubmatch(body)
	if m == nil {
		t.Fatal("the unit sets no TimeoutStopSec")
	}
	stop, err := ParseDuration(string(m[1]) + "s")
	if err != nil || stop < Default().Agent.DrainTimeout+seconds(5) {
		t.Errorf("TimeoutStopSec=%s leaves no room after the drain of %s", m[1], Default().Agent.DrainTimeout)
	}
}

// mostExposed is the worst rating that the hardened unit may have, of 10.
const mostExposed = 1.5

func TestSystemdUnitIsNotExposed(t *testing.T) {
	tool, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd on this machine")
	}
	out, err := exec.CommandContext(t.Context(), tool, "security", "--offline=true", "--no-pager", "../../configs/systemd/aidoc-agent.service").CombinedOutput()
	m := regexp.MustCompile(`Overall exposure level for aidoc-agent.service: ([0-9.]+)`).FindSubmatch(out)
	if m == nil {
		t.Skipf("systemd-analyze does not rate units offline: %v %.200s", err, out)
	}
	if rating, err := strconv.ParseFloat(string(m[1]), 64); err != nil || rating > mostExposed {
		t.Errorf("exposure %s, at most %.1f", m[1], mostExposed)
	}
}
