// Package kubernetes holds the files of configs/kubernetes to the types of Kubernetes' own API. It is a module of its own: the agent needs none of them.
package kubernetes

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
)

const folder = "../../configs/kubernetes/"

// objects reads a file strictly: a kind or a field that the API does not have, one that is there twice, and a value of another type are errors.
func objects(text []byte) (out []runtime.Object, err error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{apps.AddToScheme, autoscaling.AddToScheme, batch.AddToScheme, core.AddToScheme, networking.AddToScheme, policy.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	decode := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	for docs := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(text))); ; {
		doc := make([]byte, 1<<20)
		n, err := docs.Read(doc)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		o, _, err := decode.Decode(doc[:n], nil, nil)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(folder + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// all are the objects of the folder.
func all(t *testing.T) (out []runtime.Object) {
	t.Helper()
	files, err := filepath.Glob(folder + "*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, f := range files {
		found, err := objects(read(t, filepath.Base(f)))
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		out = append(out, found...)
	}
	return out
}

// pods are what makes pods, by name: their labels and what they are made of.
func pods(t *testing.T) map[string]core.PodTemplateSpec {
	t.Helper()
	out := map[string]core.PodTemplateSpec{}
	for _, o := range all(t) {
		switch o := o.(type) {
		case *apps.Deployment:
			out[o.Name] = o.Spec.Template
			selects(t, o.Name, o.Spec.Selector, o.Spec.Template)
		case *apps.StatefulSet:
			out[o.Name] = o.Spec.Template
			selects(t, o.Name, o.Spec.Selector, o.Spec.Template)
		case *batch.Job:
			out[o.Name] = o.Spec.Template
		}
	}
	if len(out) != 3 {
		t.Fatalf("%d kinds of pods", len(out))
	}
	return out
}

func selects(t *testing.T, name string, s *meta.LabelSelector, pod core.PodTemplateSpec) {
	t.Helper()
	selector, err := meta.LabelSelectorAsSelector(s)
	if err != nil || selector.Empty() || !selector.Matches(labels.Set(pod.Labels)) {
		t.Errorf("the selector of %s does not fit its pods: %v", name, err)
	}
}

// What is named exists: the pods of a budget and of a policy, what is scaled, volumes that are mounted.
func TestObjectsFitTogether(t *testing.T) {
	made := pods(t)
	for _, o := range all(t) {
		switch o := o.(type) {
		case *policy.PodDisruptionBudget:
			selects(t, o.Name, o.Spec.Selector, made["aidoc-agent"])
			selects(t, o.Name, o.Spec.Selector, made["aidoc-agents"])
			if s, err := meta.LabelSelectorAsSelector(o.Spec.Selector); err != nil || s.Matches(labels.Set(made["aidoc-join"].Labels)) {
				t.Errorf("the budget %s meets the pod of a Job, of which the control plane cannot say how many there should be: %v", o.Name, err)
			}
			if o.Spec.MaxUnavailable == nil || o.Spec.MaxUnavailable.IntValue() < 1 {
				t.Errorf("no node with an agent can be drained: %v", o.Spec.MaxUnavailable)
			}
		case *networking.NetworkPolicy:
			for name, pod := range made {
				selects(t, o.Name+" for "+name, &o.Spec.PodSelector, pod)
			}
		case *autoscaling.HorizontalPodAutoscaler:
			if _, ok := made[o.Spec.ScaleTargetRef.Name]; !ok || o.Spec.ScaleTargetRef.Kind != "StatefulSet" {
				t.Errorf("%v is scaled, which there is not", o.Spec.ScaleTargetRef)
			}
			m := o.Spec.Metrics
			if len(m) != 1 || m[0].External == nil || m[0].External.Metric.Name != "aidoc_site_queue_documents" || m[0].External.Target.AverageValue == nil {
				t.Errorf("the agents are not scaled by the length of the queue: %v", m)
			}
		case *apps.StatefulSet: // its volumes come from claims, too
			for _, c := range o.Spec.VolumeClaimTemplates {
				pod := made[o.Name]
				pod.Spec.Volumes = append(pod.Spec.Volumes, core.Volume{Name: c.Name})
				made[o.Name] = pod
			}
		}
	}
	for name, pod := range made {
		volumes := map[string]bool{}
		for _, v := range pod.Spec.Volumes {
			volumes[v.Name] = true
		}
		for _, c := range append(pod.Spec.InitContainers, pod.Spec.Containers...) {
			for _, m := range c.VolumeMounts {
				if !volumes[m.Name] {
					t.Errorf("%s mounts the volume %s, which it does not have", name, m.Name)
				}
			}
		}
	}
}

// Pods are what the Pod Security Standard "restricted" lets in.
func TestPodsAreRestricted(t *testing.T) {
	for name, pod := range pods(t) {
		s := pod.Spec.SecurityContext
		if s == nil || s.RunAsNonRoot == nil || !*s.RunAsNonRoot || s.SeccompProfile == nil || s.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault {
			t.Errorf("%s runs as root or without a seccomp profile", name)
		}
		for _, c := range append(pod.Spec.InitContainers, pod.Spec.Containers...) {
			s := c.SecurityContext
			if s == nil || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation || s.Capabilities == nil || len(s.Capabilities.Drop) != 1 || s.Capabilities.Drop[0] != "ALL" {
				t.Errorf("%s of %s has more rights than it needs", c.Name, name)
			}
		}
		for _, v := range pod.Spec.Volumes {
			if v.HostPath != nil {
				t.Errorf("%s mounts a folder of its node", name)
			}
		}
	}
}

func TestMistakesAreFound(t *testing.T) {
	for _, m := range []struct{ file, is, becomes string }{
		{"aidoc-agent.yaml", "maxUnavailable: 1", "maxUnavailible: 1"},
		{"aidoc-agent.yaml", "failureThreshold: 5", "failureThreshold: often"},
		{"aidoc-agent.yaml", "memory: 2560Mi", "memory: 2560 MiB"},
		{"aidoc-agent.yaml", "apiVersion: policy/v1\n", "apiVersion: policy/v1beta9\n"},
		{"fleet.yaml", "maxReplicas: 4", "maxReplica: 4"},
		{"join.yaml", "restartPolicy: Never", "restartPolicies: Never"},
	} {
		text := string(read(t, m.file))
		if wrong := strings.Replace(text, m.is, m.becomes, 1); wrong == text {
			t.Errorf("%s has no %q", m.file, m.is)
		} else if _, err := objects([]byte(wrong)); err == nil {
			t.Errorf("%s with %q is taken", m.file, m.becomes)
		}
	}
}
