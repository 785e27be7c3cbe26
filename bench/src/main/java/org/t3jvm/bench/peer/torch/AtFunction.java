package org.t3jvm.bench.peer.torch;

import static org.t3jvm.bench.peer.torch.ArgumentKind.BOOL;
import static org.t3jvm.bench.peer.torch.ArgumentKind.DOUBLE;
import static org.t3jvm.bench.peer.torch.ArgumentKind.LONG;
import static org.t3jvm.bench.peer.torch.ArgumentKind.LONGS;
import static org.t3jvm.bench.peer.torch.ArgumentKind.OPTIONAL_DOUBLE;
import static org.t3jvm.bench.peer.torch.ArgumentKind.OPTIONAL_DTYPE;
import static org.t3jvm.bench.peer.torch.ArgumentKind.OPTIONAL_LONGS;
import static org.t3jvm.bench.peer.torch.ArgumentKind.OPTIONAL_SCALAR;
import static org.t3jvm.bench.peer.torch.ArgumentKind.OPTIONAL_TENSOR;
import static org.t3jvm.bench.peer.torch.ArgumentKind.SCALAR;
import static org.t3jvm.bench.peer.torch.ArgumentKind.STRING;
import static org.t3jvm.bench.peer.torch.ArgumentKind.TENSOR;

import java.util.List;

/**
 * Functions {@code at::_ops::name::call} of libtorch 2.7, which return one tensor; where there is
 * one, with the variant that writes into a given tensor ({@code name_out}, one more parameter at
 * the end).
 */
enum AtFunction {
  LINEAR(
      "6linear4callERKNS_6TensorES4_RKSt8optionalIS2_E",
      "10linear_out4callERKNS_6TensorES4_RKSt8optionalIS2_ERS2_",
      TENSOR,
      TENSOR,
      OPTIONAL_TENSOR),
  MATMUL("6matmul4callERKNS_6TensorES4_", "10matmul_out4callERKNS_6TensorES4_RS2_", TENSOR, TENSOR),
  ATTENTION(
      "28scaled_dot_product_attention4callERKNS_6TensorES4_S4_RKSt8optionalIS2_EdbS5_IdEb",
      "",
      TENSOR,
      TENSOR,
      TENSOR,
      OPTIONAL_TENSOR,
      DOUBLE,
      BOOL,
      OPTIONAL_DOUBLE,
      BOOL),
  PAD(
      "15constant_pad_nd4callERKNS_6TensorEN3c108ArrayRefINS5_6SymIntEEERKNS5_6ScalarE",
      "",
      TENSOR,
      LONGS,
      SCALAR),
  UPSAMPLE_NEAREST_2D(
      "18upsample_nearest2d4callERKNS_6TensorEN3c108ArrayRefINS5_6SymIntEEESt8optionalIdESA_",
      "22upsample_nearest2d_out4callERKNS_6TensorEN3c108ArrayRefINS5_6SymIntEEESt8optionalIdESA_RS2_",
      TENSOR,
      LONGS,
      OPTIONAL_DOUBLE,
      OPTIONAL_DOUBLE),
  LAYER_NORM(
      "10layer_norm4callERKNS_6TensorEN3c108ArrayRefINS5_6SymIntEEERKSt8optionalIS2_ESC_db",
      "",
      TENSOR,
      LONGS,
      OPTIONAL_TENSOR,
      OPTIONAL_TENSOR,
      DOUBLE,
      BOOL),
  VECTOR_NORM(
      "18linalg_vector_norm4callERKNS_6TensorERKN3c106ScalarENS5_16OptionalArrayRefIlEEbSt8optionalINS5_10ScalarTypeEE",
      "",
      TENSOR,
      SCALAR,
      OPTIONAL_LONGS,
      BOOL,
      OPTIONAL_DTYPE),
  SOFTMAX(
      "11softmax_int4callERKNS_6TensorElSt8optionalIN3c1010ScalarTypeEE",
      "15softmax_int_out4callERKNS_6TensorElSt8optionalIN3c1010ScalarTypeEERS2_",
      TENSOR,
      LONG,
      OPTIONAL_DTYPE),
  SUM(
      "15sum_dim_IntList4callERKNS_6TensorEN3c1016OptionalArrayRefIlEEbSt8optionalINS5_10ScalarTypeEE",
      "",
      TENSOR,
      OPTIONAL_LONGS,
      BOOL,
      OPTIONAL_DTYPE),
  MEAN(
      "8mean_dim4callERKNS_6TensorEN3c1016OptionalArrayRefIlEEbSt8optionalINS5_10ScalarTypeEE",
      "",
      TENSOR,
      OPTIONAL_LONGS,
      BOOL,
      OPTIONAL_DTYPE),
  MAX("4amax4callERKNS_6TensorEN3c108ArrayRefIlEEb", "", TENSOR, LONGS, BOOL),
  INDEX_SELECT("12index_select4callERKNS_6TensorElS4_", "", TENSOR, LONG, TENSOR),
  GELU(
      "4gelu4callERKNS_6TensorESt17basic_string_viewIcSt11char_traitsIcEE",
      "8gelu_out4callERKNS_6TensorESt17basic_string_viewIcSt11char_traitsIcEERS2_",
      TENSOR,
      STRING),
  SILU("4silu4callERKNS_6TensorE", "8silu_out4callERKNS_6TensorERS2_", TENSOR),
  GELU_BACKWARD(
      "13gelu_backward4callERKNS_6TensorES4_St17basic_string_viewIcSt11char_traitsIcEE",
      "",
      TENSOR,
      TENSOR,
      STRING),
  SILU_BACKWARD("13silu_backward4callERKNS_6TensorES4_", "", TENSOR, TENSOR),
  EQ("9eq_Tensor4callERKNS_6TensorES4_", "", TENSOR, TENSOR),
  EXP("3exp4callERKNS_6TensorE", "7exp_out4callERKNS_6TensorERS2_", TENSOR),
  SQRT("4sqrt4callERKNS_6TensorE", "8sqrt_out4callERKNS_6TensorERS2_", TENSOR),
  RSQRT("5rsqrt4callERKNS_6TensorE", "", TENSOR),
  CLAMP(
      "5clamp4callERKNS_6TensorERKSt8optionalIN3c106ScalarEESA_",
      "9clamp_out4callERKNS_6TensorERKSt8optionalIN3c106ScalarEESA_RS2_",
      TENSOR,
      OPTIONAL_SCALAR,
      OPTIONAL_SCALAR),
  CLAMP_MIN("9clamp_min4callERKNS_6TensorERKN3c106ScalarE", "", TENSOR, SCALAR),
  ADD(
      "10add_Tensor4callERKNS_6TensorES4_RKN3c106ScalarE",
      "7add_out4callERKNS_6TensorES4_RKN3c106ScalarERS2_",
      TENSOR,
      TENSOR,
      SCALAR),
  SUB(
      "10sub_Tensor4callERKNS_6TensorES4_RKN3c106ScalarE",
      "7sub_out4callERKNS_6TensorES4_RKN3c106ScalarERS2_",
      TENSOR,
      TENSOR,
      SCALAR),
  MUL("10mul_Tensor4callERKNS_6TensorES4_", "7mul_out4callERKNS_6TensorES4_RS2_", TENSOR, TENSOR),
  DIV("10div_Tensor4callERKNS_6TensorES4_", "7div_out4callERKNS_6TensorES4_RS2_", TENSOR, TENSOR),
  ADD_SCALAR(
      "10add_Scalar4callERKNS_6TensorERKN3c106ScalarES8_",
      "14add_Scalar_out4callERKNS_6TensorERKN3c106ScalarES8_RS2_",
      TENSOR,
      SCALAR,
      SCALAR),
  MUL_SCALAR(
      "10mul_Scalar4callERKNS_6TensorERKN3c106ScalarE",
      "14mul_Scalar_out4callERKNS_6TensorERKN3c106ScalarERS2_",
      TENSOR,
      SCALAR),
  ADDCMUL(
      "7addcmul4callERKNS_6TensorES4_S4_RKN3c106ScalarE",
      "11addcmul_out4callERKNS_6TensorES4_S4_RKN3c106ScalarERS2_",
      TENSOR,
      TENSOR,
      TENSOR,
      SCALAR),
  LERP("11lerp_Scalar4callERKNS_6TensorES4_RKN3c106ScalarE", "", TENSOR, TENSOR, SCALAR),
  VIEW_AS_COMPLEX("15view_as_complex4callERKNS_6TensorE", "", TENSOR),
  VIEW_AS_REAL("12view_as_real4callERKNS_6TensorE", "", TENSOR);

  private static final String NAMESPACE = "_ZN2at4_ops";

  private final String call;
  private final String callInto;

  @SuppressWarnings("ImmutableEnumChecker") // a copy of its own
  private final List<ArgumentKind> parameters;

  AtFunction(String call, String callInto, ArgumentKind... parameters) {
    this.call = call;
    this.callInto = callInto;
    this.parameters = List.of(parameters);
  }

  /** Symbol of the function that returns a new tensor. */
  String symbol() {
    return NAMESPACE + call;
  }

  /** Whether there is a variant that writes into a given tensor. */
  boolean hasInto() {
    return !callInto.isEmpty();
  }

  /** Symbol of the variant that writes into a given tensor. */
  String symbolInto() {
    return NAMESPACE + callInto;
  }

  List<ArgumentKind> parameters() {
    return parameters;
  }
}
