package org.t3jvm.accel.lower;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.accel.memory.Pieces;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.MoveSlots;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** The launches that compute a value, its operands being there. */
public final class Lowering {
  private final Packing packing;
  private final Places places;
  private final List<Launch> launches = new ArrayList<>();

  private Lowering(Packing packing, Places places) {
    this.packing = packing;
    this.places = places;
  }

  /**
   * The launches of one op, in order; none for ops that compute nothing, or no element, or that the
   * host computes.
   */
  public static List<Launch> of(Value value, Packing packing, Places places) {
    if (value.shape().elements() == 0 || HostOps.computes(value)) {
      return List.of();
    }
    Lowering lowering = new Lowering(packing, places);
    lowering.convertOperands(value);
    lowering.lower(value);
    lowering.convertResult(value);
    return List.copyOf(lowering.launches);
  }

  private void convertOperands(Value value) {
    for (Value operand : value.op().operands().stream().distinct().toList()) {
      if (packing.decodes(value, operand)) {
        decode(operand, places.of(operand));
      }
      if (packing.rounds(value, operand)) {
        round(operand);
      }
    }
  }

  private void convertResult(Value value) {
    if (packing.isRoundedAfter(value)) {
      round(value);
    }
    if (packing.isWidenedAfter(value)) {
      convert(DeviceKernel.WIDEN, value, places.pieces(value), places.bf16Pieces(value));
    }
  }

  private void round(Value value) {
    convert(DeviceKernel.ROUND, value, places.bf16Pieces(value), places.pieces(value));
  }

  private void convert(DeviceKernel kernel, Value value, Pieces to, Pieces from) {
    rows(
        value.shape().elements(),
        to,
        from,
        (start, count, y, x) ->
            emit(
                kernel,
                List.of(y, x),
                new Numbers().set(MoveSlots.Copy.COUNT, count),
                Launch.Grid.elements(Packing.words(count))));
  }

  /** Decodes a packed parameter. */
  private void decode(Value parameter, Place to) {
    int count = Math.toIntExact(parameter.shape().elements());
    if (count == 0) {
      return;
    }
    Place from = places.packed(parameter);
    if (parameter.dtype() == DType.I8) {
      emit(
          DeviceKernel.DECODE_BYTES,
          List.of(to, from),
          new Numbers().set(MoveSlots.Copy.COUNT, count),
          Launch.Grid.elements(count));
      return;
    }
    Place values = places.table(new Tables.Halves(parameter.dtype()));
    emit(
        DeviceKernel.DECODE_HALVES,
        List.of(to, from, values),
        new Numbers().set(MoveSlots.DecodeHalves.COUNT, count),
        Launch.Grid.elements(count));
  }

  private void lower(Value value) {
    switch (value.op()) {
      case Op.Linear op when packing.isBf16Product(value) ->
          Bf16Products.linear(this, value, op, packing.isRounded(value));
      case Op.Conv3d op when packing.isBf16Product(value) ->
          Bf16Products.conv3d(this, value, op, packing.isRounded(value));
      case Op.Attention op when packing.isBf16Product(value) -> {
        if (packing.kernels() == KernelSource.LIBRARY) {
          LibraryAttention.lower(this, value, op);
        } else {
          Bf16Attention.lower(this, value, op);
        }
      }
      case MovementOp.Reshape op when packing.isRounded(value) -> {}
      case Op.Linear op -> ProductLowering.linear(this, value, op);
      case Op.MatMul op -> ProductLowering.matMul(this, value, op);
      case Op.Conv3d op -> ProductLowering.conv3d(this, value, op);
      case Op.Attention op -> AttentionLowering.lower(this, value, op);
      case Op.Norm op -> RowLowering.norm(this, value, op);
      case Op.RmsFactor op -> RowLowering.rmsFactor(this, value, op);
      case Op.Softmax op -> RowLowering.softmax(this, value, op);
      case Op.Reduce op -> RowLowering.reduce(this, value, op);
      case Op.Rope op -> RowLowering.rope(this, value, op);
      case Op.Unary op -> ElementwiseLowering.unary(this, value, op);
      case Op.Affine op -> ElementwiseLowering.affine(this, value, op);
      case Op.Clamp op -> ElementwiseLowering.clamp(this, value, op);
      case Op.Binary op -> ElementwiseLowering.binary(this, value, op);
      case Op.Modulate op -> ElementwiseLowering.modulate(this, value, op);
      case Op.GatedResidual op -> ElementwiseLowering.gated(this, value, op);
      case MovementOp.Cast op -> ElementwiseLowering.cast(this, value, op);
      case Op.Scaled op -> scaled(value, op);
      case Op.Embedding op -> embedding(value, op);
      case MovementOp.Permute op -> MoveLowering.permute(this, value, op);
      case MovementOp.Slice op -> MoveLowering.slice(this, value, op);
      case MovementOp.Concat op -> MoveLowering.concat(this, value, op);
      case MovementOp.Upsample op -> MoveLowering.upsample(this, value, op);
      case GradientOp.Broadcast op -> MoveLowering.broadcast(this, value, op);
      // The host computes these, see HostOps.
      case GradientOp _ -> {}
      // A reshaped value lies where its operand does, unless that was decoded for it.
      case MovementOp.Reshape op -> MoveLowering.reshape(this, value, op);
      case Op.Given _ -> {}
    }
  }

  private void scaled(Value value, Op.Scaled op) {
    Place y = places.of(value);
    int count = Math.toIntExact(value.shape().elements());
    int row = Math.toIntExact(value.shape().inner(0));
    if (packing.isPacked(op.codes())) {
      decode(op.codes(), y);
    } else {
      copy(value, op.codes());
    }
    emit(
        DeviceKernel.SCALE_BLOCKS,
        List.of(y, y, places.of(op.scales())),
        new Numbers()
            .set(MoveSlots.ScaleBlocks.COUNT, count)
            .set(MoveSlots.ScaleBlocks.ROW, row)
            .set(MoveSlots.ScaleBlocks.BLOCK, Math.toIntExact(Math.min(op.block(), row)))
            .set(MoveSlots.ScaleBlocks.BLOCKS, op.scales().shape().intDim(1))
            .set(MoveSlots.ScaleBlocks.SHARED, op.scales().shape().dim(0) == 1),
        Launch.Grid.elements(count));
  }

  private void embedding(Value value, Op.Embedding op) {
    int row = op.table().shape().intDim(1);
    rows(
        op.ids().shape().elements(),
        places.pieces(value).rows(row),
        places.pieces(op.ids()),
        (start, rows, y, ids) -> embedding(y, ids, value, op));
  }

  /** Some rows of an embedding. */
  private void embedding(Place y, Place ids, Value value, Op.Embedding op) {
    int row = op.table().shape().intDim(1);
    int count = Math.toIntExact(ids.elements() * row);
    if (packing.isPacked(op.table()) && packing.readsPacked(value, op.table())) {
      Place values = places.table(new Tables.Halves(op.table().dtype()));
      emit(
          DeviceKernel.EMBEDDING_OF_HALVES,
          List.of(y, places.packed(op.table()), ids, values),
          new Numbers()
              .set(MoveSlots.EmbeddingOfHalves.COUNT, count)
              .set(MoveSlots.EmbeddingOfHalves.ROW, row),
          Launch.Grid.elements(count));
      return;
    }
    emit(
        DeviceKernel.EMBEDDING,
        List.of(y, places.of(op.table()), ids),
        new Numbers().set(MoveSlots.Embedding.COUNT, count).set(MoveSlots.Embedding.ROW, row),
        Launch.Grid.elements(count));
  }

  /** Launches of some rows. */
  interface OfRows {
    /**
     * Emits them.
     *
     * @param start the first row
     * @param y where the rows of the result lie
     * @param x where those of the operand lie
     */
    void emit(long start, int rows, Place y, Place x);
  }

  /** Emits launches for all rows, each of which needs the operand's one with its number. */
  static void rows(long rows, Pieces y, Pieces x, OfRows launches) {
    Pieces.parts(
        rows,
        (start, count) -> launches.emit(start, count, y.slice(start, count), x.slice(start, count)),
        y,
        x);
  }

  /** As {@link #rows}, with a row for each element. */
  void each(Value value, Value x, OfRows launches) {
    rows(value.shape().elements(), places.pieces(value), places.pieces(x), launches);
  }

  /** Copies a value of as many elements. */
  void copy(Value value, Value x) {
    each(
        value,
        x,
        (start, count, to, from) ->
            emit(
                DeviceKernel.COPY,
                List.of(to, from),
                new Numbers().set(MoveSlots.Copy.COUNT, count),
                Launch.Grid.elements(count)));
  }

  Places places() {
    return places;
  }

  void emit(Launch launch) {
    launches.add(launch);
  }

  void emit(
      DeviceKernel kernel,
      List<Place> operands,
      Numbers numbers,
      Launch.Grid grid,
      float... floats) {
    launches.add(new Launch(kernel, operands, numbers, floats, grid));
  }
}
