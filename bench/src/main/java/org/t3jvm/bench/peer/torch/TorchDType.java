package org.t3jvm.bench.peer.torch;

import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.backend.BackendException;

/** libtorch's element types, by their {@code c10::ScalarType} number. */
enum TorchDType {
  U8(0),
  I8(1),
  I32(3),
  I64(4),
  F16(5),
  F32(6),
  F64(7),
  BOOL(11),
  BF16(15),
  F8_E5M2(23),
  F8_E4M3(24);

  private final int code;

  TorchDType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** The same type as ours. */
  static TorchDType of(DType dtype) {
    return valueOf(dtype.name());
  }

  /** The type of a {@code c10::ScalarType} number. */
  static TorchDType ofCode(int code) {
    for (TorchDType dtype : values()) {
      if (dtype.code == code) {
        return dtype;
      }
    }
    throw new BackendException("libtorch: a tensor has the unknown ScalarType " + code);
  }
}
