package org.t3jvm.loaders;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;

/**
 * The element types that checkpoint files hold, under safetensors' names. Some have no {@link
 * DType}: tensors of those are listed with name, shape and bytes, but cannot be loaded.
 */
public enum StoredType {
  F64(64, DType.F64),
  F32(32, DType.F32),
  F16(16, DType.F16),
  BF16(16, DType.BF16),
  I64(64, DType.I64),
  I32(32, DType.I32),
  I8(8, DType.I8),
  U8(8, DType.U8),
  BOOL(8, DType.BOOL),
  I16(16, null),
  U16(16, null),
  U32(32, null),
  U64(64, null),
  C64(64, null),
  C128(128, null),
  F8_E4M3(8, DType.F8_E4M3),
  F8_E5M2(8, DType.F8_E5M2),
  F8_E8M0(8, null),
  F8_E4M3FNUZ(8, null),
  F8_E5M2FNUZ(8, null),
  F6_E2M3(6, null),
  F6_E3M2(6, null),
  F4(4, null);

  private final int bits;
  private final @Nullable DType dtype;

  StoredType(int bits, @Nullable DType dtype) {
    this.bits = bits;
    this.dtype = dtype;
  }

  /** The stored type of a dtype; every dtype has one. */
  public static StoredType of(DType dtype) {
    return valueOf(dtype.name());
  }

  /** Bits of one element. */
  public int bits() {
    return bits;
  }

  /** The dtype that tensors of this type load as; null if it is not supported. */
  public @Nullable DType dtype() {
    return dtype;
  }

  /**
   * Bytes of {@code elements} packed elements.
   *
   * @return -1 if that is no whole number of bytes or exceeds 2^63-1
   */
  public long bytes(long elements) {
    if (elements > Long.MAX_VALUE / bits || elements * bits % 8 != 0) {
      return -1;
    }
    return elements * bits / 8;
  }
}
