package org.t3jvm.model.profile;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.Value;

/**
 * Gathers where the time of one run goes: its stages, their regions, and the ops in these. Calls
 * come from the thread that runs the pipeline. JFR receives the same events while it records.
 */
final class Profile {
  private static final String START = "start-up";

  private final List<Span> spans = new ArrayList<>();
  private final Map<Value, OpCost> costs = new HashMap<>();

  /** {@link System#nanoTime} when the process started. */
  private final long origin;

  private String stage = START;
  private long stageStart;
  private StageEvent stageEvent = new StageEvent();

  /** A profile whose first stage, start-up, began with the process. */
  Profile() {
    long age = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    this.origin = System.nanoTime() - age * 1_000_000;
  }

  /** Whether JFR records ops now, so that there is a reason to gather without a file to write. */
  static boolean isRecorded() {
    // An event loads the whole of JFR.
    return FlightRecorder.isInitialized() && new OpEvent().isEnabled();
  }

  /** The stage before ends and another one begins. */
  void stage(String name) {
    endStage();
    stage = name;
    stageEvent = new StageEvent();
    stageEvent.begin();
  }

  private void endStage() {
    long now = now();
    spans.add(new Span(Span.Kind.STAGE, stage, stageStart, now - stageStart, null));
    stageStart = now;
    stageEvent.stage = stage;
    stageEvent.commit();
  }

  /** Everything so far, the current stage up to now; nothing may be added afterwards. */
  List<Span> finish() {
    endStage();
    return spans;
  }

  /** A backend whose programs report to this profile. */
  Backend watch(Backend backend) {
    return new WatchedBackend(backend, this::listener);
  }

  private RegionListener listener(RegionListener other) {
    return new Listener(other);
  }

  private long now() {
    return System.nanoTime() - origin;
  }

  /** Listens to one run of a program. */
  private final class Listener implements RegionListener {
    private final RegionListener other;
    private OpEvent opEvent = new OpEvent();
    private RegionEvent regionEvent = new RegionEvent();
    private long opStart;
    private long regionStart;
    private @Nullable String region;

    Listener(RegionListener other) {
      this.other = other;
    }

    @Override
    public boolean takesTimes() {
      return true;
    }

    @Override
    public void started(List<Value> values) {
      String next = values.getLast().region();
      opStart = now();
      if (next != null && !next.equals(region)) {
        region = next;
        regionStart = opStart;
        regionEvent = new RegionEvent();
        regionEvent.begin();
      }
      opEvent = new OpEvent();
      opEvent.begin();
      other.started(values);
    }

    @Override
    public void computed(List<Value> values) {
      long nanos = now() - opStart;
      OpCost cost = costs.computeIfAbsent(values.getLast(), last -> OpCost.of(values));
      spans.add(new Span(Span.Kind.OP, cost.op(), opStart, nanos, cost));
      opEvent.op = cost.op();
      opEvent.result = cost.result();
      opEvent.bytes = cost.bytes();
      opEvent.flop = cost.flop();
      opEvent.commit();
      other.computed(values);
    }

    @Override
    public void finished(Region ended) {
      if (ended.name().equals(region)) {
        spans.add(new Span(Span.Kind.REGION, ended.name(), regionStart, now() - regionStart, null));
        regionEvent.region = ended.name();
        regionEvent.commit();
        region = null;
      }
      other.finished(ended);
    }
  }
}
