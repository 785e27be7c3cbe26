package org.t3jvm.loaders.pth;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.pth.PickleValue.ElementType;
import org.t3jvm.loaders.pth.PickleValue.Function;
import org.t3jvm.loaders.pth.PickleValue.StorageClass;

/** The only globals that a checkpoint's pickle may name (SPEC 14). */
final class PickleGlobals {
  private static final Map<String, PickleValue> ALLOWED = new HashMap<>();

  static {
    ALLOWED.put("collections OrderedDict", Function.ORDERED_DICT);
    ALLOWED.put("torch._utils _rebuild_tensor_v2", Function.REBUILD_TENSOR_V2);
    ALLOWED.put("torch._utils _rebuild_tensor_v3", Function.REBUILD_TENSOR_V3);
    ALLOWED.put("torch._utils _rebuild_parameter", Function.REBUILD_PARAMETER);
    ALLOWED.put("torch.storage UntypedStorage", new StorageClass(StoredType.U8, true));
    type(StoredType.F64, "Double", "float64");
    type(StoredType.F32, "Float", "float32");
    type(StoredType.F16, "Half", "float16");
    type(StoredType.BF16, "BFloat16", "bfloat16");
    type(StoredType.I64, "Long", "int64");
    type(StoredType.I32, "Int", "int32");
    type(StoredType.I16, "Short", "int16");
    type(StoredType.I8, "Char", "int8");
    type(StoredType.U8, "Byte", "uint8");
    type(StoredType.BOOL, "Bool", "bool");
    type(StoredType.C64, "ComplexFloat", "complex64");
    type(StoredType.C128, "ComplexDouble", "complex128");
    type(StoredType.U16, null, "uint16");
    type(StoredType.U32, null, "uint32");
    type(StoredType.U64, null, "uint64");
    type(StoredType.F8_E4M3, null, "float8_e4m3fn");
    type(StoredType.F8_E5M2, null, "float8_e5m2");
    type(StoredType.F8_E8M0, null, "float8_e8m0fnu");
    type(StoredType.F8_E4M3FNUZ, null, "float8_e4m3fnuz");
    type(StoredType.F8_E5M2FNUZ, null, "float8_e5m2fnuz");
  }

  private PickleGlobals() {}

  private static void type(StoredType type, @Nullable String storage, String dtype) {
    if (storage != null) {
      ALLOWED.put("torch " + storage + "Storage", new StorageClass(type, false));
    }
    ALLOWED.put("torch " + dtype, new ElementType(type));
  }

  /** What {@code module name} stands for, or null if it is not allowed. */
  static @Nullable PickleValue find(String module, String name) {
    return ALLOWED.get(module + " " + name);
  }

  /**
   * The class name that torch writes for storages of a type; every {@code DType} but F8 has one.
   */
  static String storageName(StoredType type) {
    for (var entry : ALLOWED.entrySet()) {
      if (entry.getValue().equals(new StorageClass(type, false))) {
        return entry.getKey().substring("torch ".length());
      }
    }
    throw new IllegalArgumentException("torch has no storage class for " + type);
  }
}
