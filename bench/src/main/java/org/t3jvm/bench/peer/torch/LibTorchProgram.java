package org.t3jvm.bench.peer.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Bindings;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * A graph run op by op, as eager PyTorch does; a value is freed after its last use.
 *
 * <p>Outputs that are not requested are computed too, and left in libtorch's own memory. In BF16 an
 * input is converted when a run first meets its tensor, outside of what later runs take: give
 * another tensor rather than other elements.
 */
final class LibTorchProgram implements Program {
  private final LibTorch torch;
  private final int threads;
  private final TorchDType dtype;
  private final Graph graph;
  private final Map<Value, TorchTensor> fixed = new HashMap<>();

  /** Keeps the memory alive that libtorch's tensors lie over. */
  private final List<Tensor> bound = new ArrayList<>();

  private final Map<String, GivenInput> inputs = new HashMap<>();
  private final Map<Value, Set<Value>> lastUses = new HashMap<>();
  private final TorchLowering lowering;

  private record GivenInput(Tensor tensor, TorchTensor converted) {}

  LibTorchProgram(
      LibTorch torch,
      int threads,
      TorchDType dtype,
      TorchAttention attention,
      Graph graph,
      Parameters parameters) {
    this.torch = torch;
    this.threads = threads;
    this.dtype = dtype;
    this.graph = graph;
    torch.enter(threads);
    for (Value value : graph.values()) {
      bind(value, parameters);
    }
    findLastUses();
    lowering = new TorchLowering(torch, dtype, attention, fixed);
  }

  private void bind(Value value, Parameters parameters) {
    switch (value.op()) {
      case Op.Parameter op ->
          fixed.put(value, bind(Bindings.parameter(op.name(), value, parameters)));
      case Op.Constant op -> fixed.put(value, bind(op.tensor()));
      case MovementOp.Reshape op when fixed.containsKey(op.x()) ->
          fixed.put(value, fixed.get(op.x()).reshape(op.shape().dims()));
      case Op.Input _, Op.Computed _ -> {}
    }
  }

  private TorchTensor bind(Tensor tensor) {
    bound.add(tensor);
    return convert(tensor, true);
  }

  /** A tensor in what is computed in; {@code all} floating ones, or F32 ones only. */
  private TorchTensor convert(Tensor tensor, boolean all) {
    TorchTensor given = TorchTensor.over(torch, tensor);
    boolean converts = all ? tensor.dtype().isFloating() : tensor.dtype() == DType.F32;
    if (!converts || TorchDType.of(tensor.dtype()) == dtype) {
      return given;
    }
    try (TorchOps ops = new TorchOps(torch)) {
      return ops.release(ops.copy(ops.own(given), dtype));
    }
  }

  private void findLastUses() {
    Map<Value, Value> last = new LinkedHashMap<>();
    for (Value value : graph.values()) {
      last.put(value, value);
      value.op().operands().forEach(operand -> last.put(operand, value));
    }
    graph.outputs().values().forEach(last::remove);
    fixed.keySet().forEach(last::remove);
    last.forEach(
        (value, user) -> lastUses.computeIfAbsent(user, key -> new HashSet<>()).add(value));
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public void run(Map<String, Tensor> given, Map<String, Tensor> outputs, RegionListener listener) {
    Bindings.requireInputs(graph, given);
    Bindings.requireOutputs(graph, outputs);
    torch.enter(threads);
    Map<Value, TorchTensor> computed = new HashMap<>();
    try (TorchOps targets = new TorchOps(torch)) {
      Map<String, TorchTensor> wrapped = new LinkedHashMap<>();
      outputs.forEach(
          (name, tensor) -> wrapped.put(name, targets.own(TorchTensor.over(torch, tensor))));
      Map<Value, TorchTensor> into = into(wrapped);
      int finished = 0;
      for (Value value : graph.values()) {
        while (finished < graph.regions().size()
            && graph.regions().get(finished).end() <= value.id()) {
          listener.finished(graph.regions().get(finished++));
        }
        if (!fixed.containsKey(value)) {
          computed.put(value, compute(value, given, computed, into.get(value)));
        }
        for (Value last : lastUses.getOrDefault(value, Set.of())) {
          free(computed.remove(last));
        }
      }
      graph.regions().subList(finished, graph.regions().size()).forEach(listener::finished);
      wrapped.forEach((name, target) -> deliver(of(graph.outputs().get(name), computed), target));
    } finally {
      computed.values().forEach(LibTorchProgram::free);
    }
  }

  /** Outputs that ops can write at once: those in the dtype that is computed in. */
  private Map<Value, TorchTensor> into(Map<String, TorchTensor> wrapped) {
    Map<Value, TorchTensor> into = new HashMap<>();
    wrapped.forEach(
        (name, target) -> {
          Value value = graph.outputs().get(name);
          if (value != null && value.dtype() == DType.F32 && dtype == TorchDType.F32) {
            into.putIfAbsent(value, target);
          }
        });
    return into;
  }

  private TorchTensor compute(
      Value value,
      Map<String, Tensor> given,
      Map<Value, TorchTensor> computed,
      @Nullable TorchTensor out) {
    if (value.op() instanceof Op.Input input) {
      return input(input.name(), given).share();
    }
    try (TorchOps ops = new TorchOps(torch)) {
      return ops.release(lowering.lower(value, ops, operand -> of(operand, computed), out));
    }
  }

  private TorchTensor input(String name, Map<String, Tensor> given) {
    Tensor tensor = given.get(name);
    if (tensor == null) {
      throw new IllegalStateException("input '" + name + "' was checked and is missing");
    }
    GivenInput known = inputs.get(name);
    if (known == null || known.tensor != tensor) {
      GivenInput converted = new GivenInput(tensor, convert(tensor, false));
      free(known == null ? null : known.converted);
      inputs.put(name, converted);
      return converted.converted;
    }
    return known.converted;
  }

  private TorchTensor of(@Nullable Value value, Map<Value, TorchTensor> computed) {
    TorchTensor constant = fixed.get(value);
    TorchTensor tensor = constant == null ? computed.get(value) : constant;
    if (tensor == null) {
      throw new IllegalStateException(value + " is used after its last use");
    }
    return tensor;
  }

  private static void deliver(TorchTensor result, TorchTensor target) {
    if (result.address() != target.address()) {
      target.copyFrom(result);
    }
  }

  private static void free(@Nullable TorchTensor tensor) {
    if (tensor != null) {
      tensor.close();
    }
  }

  /** The most that lives at once; what libtorch's ops take beside it is not known. */
  @Override
  public MemoryPlan memoryPlan() {
    long live = 0;
    long peak = 0;
    for (Value value : graph.values()) {
      live += fixed.containsKey(value) ? 0 : bytes(value);
      peak = Math.max(peak, live);
      for (Value last : lastUses.getOrDefault(value, Set.of())) {
        live -= bytes(last);
      }
    }
    long stored =
        fixed.keySet().stream()
            .filter(value -> !(value.op() instanceof MovementOp.Reshape))
            .mapToLong(this::bytes)
            .sum();
    return new MemoryPlan(peak, 0, stored);
  }

  private long bytes(Value value) {
    boolean half = dtype == TorchDType.BF16 && value.dtype() == DType.F32;
    return value.shape().elements() * (half ? Short.BYTES : value.dtype().byteSize());
  }

  @Override
  public void close() {
    lowering.close();
    inputs.values().forEach(input -> input.converted.close());
    fixed.values().forEach(TorchTensor::close);
  }
}
