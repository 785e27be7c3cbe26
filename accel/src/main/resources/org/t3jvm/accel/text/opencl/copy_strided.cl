__kernel void t3_copy_strided(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_60;
  float f_50;
  int i_4, i_6, i_7, i_8, i_11, i_12, i_13, i_14, i_15, i_16, i_17, i_18, i_19, i_20, i_21, i_26, i_27, i_32, i_33, i_38, i_39, i_40, i_41, i_42, i_43, i_44, i_45, i_55, i_56, i_57, i_58, i_59, i_62;
  long l_22, l_23, l_24, l_28, l_29, l_30, l_34, l_35, l_36, l_46, l_47, l_48, l_51, l_52, l_53;
  ulong ul_0, ul_1, ul_2, ul_3, ul_5, ul_9, ul_10, ul_25, ul_31, ul_37, ul_49, ul_54, ul_61, ul_63;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) y;
  ul_3  =  ul_0 + 24L;
  i_4  =  *((__global int *) ul_3);
  ul_5  =  ul_0 + 28L;
  i_6  =  *((__global int *) ul_5);
  i_7  =  i_6 + -1;
  i_8  =  get_global_size(0);
  ul_9  =  ul_0 + 20L;
  ul_10  =  ul_0 + 16L;
  i_11  =  get_global_id(0);
  i_12  =  i_11;
  for(;i_12 < i_4;)
  {
    i_13  =  *((__global int *) ul_10);
    i_14  =  *((__global int *) ul_9);
    i_15  =  i_12;
    i_16  =  i_13;
    i_17  =  i_14;
    i_18  =  i_7;
    for(;i_18 >= 0;)
    {
      i_19  =  i_18 << 1;
      i_20  =  i_19 + i_18;
      i_21  =  i_20 + 4;
      l_22  =  (long) i_21;
      l_23  =  l_22 + 4L;
      l_24  =  l_23 << 2;
      ul_25  =  ul_0 + l_24;
      i_26  =  *((__global int *) ul_25);
      i_27  =  i_20 + 5;
      l_28  =  (long) i_27;
      l_29  =  l_28 + 4L;
      l_30  =  l_29 << 2;
      ul_31  =  ul_0 + l_30;
      i_32  =  *((__global int *) ul_31);
      i_33  =  i_20 + 6;
      l_34  =  (long) i_33;
      l_35  =  l_34 + 4L;
      l_36  =  l_35 << 2;
      ul_37  =  ul_0 + l_36;
      i_38  =  *((__global int *) ul_37);
      i_39  =  i_15 % i_26;
      i_40  =  i_39 * i_38;
      i_41  =  i_17 + i_40;
      i_42  =  i_32 * i_39;
      i_43  =  i_16 + i_42;
      i_44  =  i_15 / i_26;
      i_45  =  i_18 + -1;
      i_15  =  i_44;
      i_16  =  i_43;
      i_17  =  i_41;
      i_18  =  i_45;
    }
    l_46  =  (long) i_17;
    l_47  =  l_46 + 4L;
    l_48  =  l_47 << 2;
    ul_49  =  ul_1 + l_48;
    f_50  =  *((__global float *) ul_49);
    l_51  =  (long) i_16;
    l_52  =  l_51 + 4L;
    l_53  =  l_52 << 2;
    ul_54  =  ul_2 + l_53;
    *((__global float *) ul_54)  =  f_50;
    i_55  =  i_8 + i_12;
    i_12  =  i_55;
  }
  i_56  =  get_global_id(1);
  i_57  =  i_56 + i_11;
  i_58  =  get_global_id(2);
  i_59  =  i_57 + i_58;
  b_60  =  i_59 == 0;
  if(b_60)
  {
    ul_61  =  ul_0 + 264L;
    i_62  =  *((__global int *) ul_61);
    ul_63  =  ul_0 + 268L;
    *((__global int *) ul_63)  =  i_62;
  }
  return;
}
