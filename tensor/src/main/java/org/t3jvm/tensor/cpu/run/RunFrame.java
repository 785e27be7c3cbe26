package org.t3jvm.tensor.cpu.run;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.plan.ArenaPlan;
import org.t3jvm.tensor.cpu.plan.Placement;
import org.t3jvm.tensor.cpu.plan.ProgramPlan;
import org.t3jvm.tensor.cpu.plan.Step;
import org.t3jvm.tensor.cpu.plan.Storage;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * The memory of a program: its arena, the parameters and constants where they lie, and during a run
 * the caller's inputs and outputs.
 *
 * <p>An output that the caller does not ask for, or whose tensor overlaps an input that ops may
 * still read, is written to memory that the program holds in its place from then on.
 */
final class RunFrame implements Frame {
  private final Graph graph;
  private final Placement placement;
  private final Arena arena;
  private final @Nullable MemorySegment[] segments;
  private final MemorySegment[] temporaries;

  /** Values in inputs and outputs, which lie elsewhere in every run. */
  private final List<Value> moving = new ArrayList<>();

  private final Map<String, MemorySegment> targets = new HashMap<>();
  private final Map<String, MemorySegment> held = new HashMap<>();
  private MemorySegment temporary = MemorySegment.NULL;

  /** A frame whose arena is allocated, zero-filled, from {@code arena}. */
  RunFrame(ProgramPlan program, Map<Value, Tensor> parameters, Arena arena) {
    ArenaPlan plan = program.arena();
    this.graph = program.graph();
    this.placement = program.placement();
    this.arena = arena;
    this.segments = new MemorySegment[graph.values().size()];
    this.temporaries = new MemorySegment[graph.values().size()];
    MemorySegment memory = arena.allocate(Math.max(1, plan.bytes()), Tensor.ALIGNMENT);
    for (Value value : graph.values()) {
      if (placement.located(value)) {
        place(value, plan, memory, parameters);
      }
    }
    for (Step step : program.steps()) {
      temporaries[step.value().id()] =
          memory.asSlice(plan.temporaryOffset(step), step.lowered().temporaryBytes());
    }
  }

  private void place(
      Value value, ArenaPlan plan, MemorySegment memory, Map<Value, Tensor> parameters) {
    Storage storage = placement.location(value).storage();
    if (storage.kind() == Storage.Kind.ARENA) {
      segments[value.id()] = part(memory, plan.offset(storage), value);
    } else if (storage.owner().op() instanceof Op.Constant constant) {
      segments[value.id()] = part(constant.tensor().segment(), 0, value);
    } else {
      Tensor parameter = parameters.get(storage.owner());
      if (parameter == null) {
        moving.add(value);
      } else {
        segments[value.id()] = part(parameter.segment(), 0, value);
      }
    }
  }

  private MemorySegment part(MemorySegment memory, long start, Value value) {
    long bytes = Placement.bytes(value);
    return memory.asSlice(start + placement.location(value).offset(), bytes);
  }

  /** Takes the caller's tensors for one run. */
  void bind(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    for (Map.Entry<String, Value> output : graph.outputs().entrySet()) {
      String name = output.getKey();
      Tensor tensor = outputs.get(name);
      if (tensor != null && !overlaps(tensor, inputs)) {
        targets.put(name, tensor.segment());
      } else if (tensor != null || placement.writesDirectly(name)) {
        targets.put(name, held(name, output.getValue()));
      }
    }
    for (int i = 0; i < moving.size(); i++) {
      Value value = moving.get(i);
      Storage storage = placement.location(value).storage();
      segments[value.id()] = part(given(storage, inputs), 0, value);
    }
  }

  private MemorySegment given(Storage storage, Map<String, Tensor> inputs) {
    String output = storage.output();
    if (output != null) {
      return target(output);
    }
    Tensor tensor =
        storage.owner().op() instanceof Op.Input input ? inputs.get(input.name()) : null;
    if (tensor == null) {
      throw new IllegalArgumentException(storage.owner() + " is bound to nothing");
    }
    return tensor.segment();
  }

  private MemorySegment held(String output, Value value) {
    MemorySegment segment = held.get(output);
    if (segment == null) {
      long bytes = Placement.bytes(value);
      segment = arena.allocate(Math.max(1, bytes), Tensor.ALIGNMENT).asSlice(0, bytes);
      held.put(output, segment);
    }
    return segment;
  }

  private static boolean overlaps(Tensor output, Map<String, Tensor> inputs) {
    long start = output.segment().address();
    long end = start + output.byteSize();
    for (Tensor input : inputs.values()) {
      long other = input.segment().address();
      if (start < other + input.byteSize() && other < end) {
        return true;
      }
    }
    return false;
  }

  /** Forgets the caller's tensors. */
  void unbind() {
    targets.clear();
    for (int i = 0; i < moving.size(); i++) {
      segments[moving.get(i).id()] = null;
    }
  }

  /** Makes {@link #temporary()} that of one step. */
  void enter(Step step) {
    temporary = temporaries[step.value().id()];
  }

  /** Where this run writes an output: the caller's memory or memory held in its place. */
  MemorySegment target(String output) {
    MemorySegment target = targets.get(output);
    if (target == null) {
      throw new IllegalArgumentException("output '" + output + "' is not wanted in this run");
    }
    return target;
  }

  @Override
  public MemorySegment segment(Value value) {
    MemorySegment segment = segments[value.id()];
    if (segment == null) {
      throw new IllegalArgumentException(value + " has no memory in this run");
    }
    return segment;
  }

  @Override
  public MemorySegment temporary() {
    return temporary;
  }
}
