package org.t3jvm.model.lora;

import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** ViBe's merge of a LoRA into a weight in BF16 (SPEC 21.1). */
public final class LoraMerge {
  private LoraMerge() {}

  /**
   * {@code W + alpha B A}: W, B and A rounded to BF16, the product summed in F32 and rounded, the
   * sum rounded.
   *
   * @param weight [out, in]
   * @param up B [out, rank]
   * @param down A [rank, in]
   * @return BF16 [out, in]
   */
  public static Tensor bfloat16(Tensor weight, Tensor up, Tensor down, float alpha) {
    Tensor w = weight.to(DType.BF16);
    Tensor b = up.to(DType.BF16);
    Tensor a = down.to(DType.BF16);
    int rank = down.shape().intDim(0);
    int in = weight.shape().intDim(1);
    Tensor result = Tensor.allocate(DType.BF16, weight.shape());
    Tensor product = Tensor.allocate(DType.BF16, Shape.of(1));
    for (int row = 0; row < weight.shape().intDim(0); row++) {
      for (int column = 0; column < in; column++) {
        float sum = 0;
        for (int k = 0; k < rank; k++) {
          sum +=
              (float) b.getDouble((long) row * rank + k)
                  * (float) a.getDouble((long) k * in + column);
        }
        product.setDouble(0, sum);
        long at = (long) row * in + column;
        result.setDouble(at, (float) w.getDouble(at) + alpha * (float) product.getDouble(0));
      }
    }
    return result;
  }
}
