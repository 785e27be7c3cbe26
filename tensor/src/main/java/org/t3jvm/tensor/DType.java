package org.t3jvm.tensor;

/** The element type of a tensor. Stored little-endian, as safetensors and PyTorch files hold it. */
public enum DType {
  F64(8, true),
  F32(4, true),
  F16(2, true),
  BF16(2, true),
  I64(8, false),
  I32(4, false),
  I8(1, false),
  U8(1, false),
  BOOL(1, false),

  /** {@link Float8} numbers as codes of quantised weights: their scale is a tensor of its own. */
  F8_E4M3(1, false),

  /** As F8_E4M3, with the upper byte of F16 as codes. */
  F8_E5M2(1, false);

  private final int byteSize;
  private final boolean floating;

  DType(int byteSize, boolean floating) {
    this.byteSize = byteSize;
    this.floating = floating;
  }

  /** Bytes of one element. */
  public int byteSize() {
    return byteSize;
  }

  /** True for F64, F32, F16 and BF16. */
  public boolean isFloating() {
    return floating;
  }

  /** True for the codes of {@link Float8} numbers. */
  public boolean isFloat8() {
    return this == F8_E4M3 || this == F8_E5M2;
  }
}
