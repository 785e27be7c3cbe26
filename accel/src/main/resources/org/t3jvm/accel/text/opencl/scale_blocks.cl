__kernel void t3_scale_blocks(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *scales, __global uchar *y)
{
  bool b_27, b_58;
  float f_39, f_46, f_52;
  int i_5, i_7, i_9, i_11, i_13, i_15, i_17, i_18, i_19, i_20, i_24, i_25, i_26, i_28, i_29, i_30, i_31, i_32, i_33, i_34, i_40, i_41, i_47, i_53, i_54, i_55, i_56, i_57, i_60;
  long l_35, l_36, l_37, l_42, l_43, l_44, l_48, l_49, l_50;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_10, ul_12, ul_14, ul_16, ul_21, ul_22, ul_23, ul_38, ul_45, ul_51, ul_59, ul_61;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) scales;
  ul_3  =  (ulong) y;
  ul_4  =  ul_0 + 28L;
  i_5  =  *((__global int *) ul_4);
  ul_6  =  ul_0 + 32L;
  i_7  =  *((__global int *) ul_6);
  ul_8  =  ul_0 + 36L;
  i_9  =  *((__global int *) ul_8);
  ul_10  =  ul_0 + 40L;
  i_11  =  *((__global int *) ul_10);
  ul_12  =  ul_0 + 44L;
  i_13  =  *((__global int *) ul_12);
  ul_14  =  ul_0 + 260L;
  i_15  =  *((__global int *) ul_14);
  ul_16  =  ul_0 + 248L;
  i_17  =  *((__global int *) ul_16);
  i_18  =  i_17 << 6;
  i_19  =  get_global_id(0);
  i_20  =  i_18 + i_19;
  ul_21  =  ul_0 + 24L;
  ul_22  =  ul_0 + 20L;
  ul_23  =  ul_0 + 16L;
  i_24  =  i_20;
  for(;i_24 < i_5;)
  {
    i_25  =  i_24 % i_7;
    i_26  =  i_25 / i_9;
    b_27  =  i_13 == 0;
    if(b_27)
    {
      i_28  =  i_24 / i_7;
      i_29  =  i_11 * i_28;
      i_30  =  i_29 + i_26;
      i_31  =  i_30;
    }
    else
    {
      i_31  =  i_26;
    }
    i_32  =  *((__global int *) ul_23);
    i_33  =  *((__global int *) ul_22);
    i_34  =  i_33 + i_24;
    l_35  =  (long) i_34;
    l_36  =  l_35 + 4L;
    l_37  =  l_36 << 2;
    ul_38  =  ul_1 + l_37;
    f_39  =  *((__global float *) ul_38);
    i_40  =  *((__global int *) ul_21);
    i_41  =  i_31 + i_40;
    l_42  =  (long) i_41;
    l_43  =  l_42 + 4L;
    l_44  =  l_43 << 2;
    ul_45  =  ul_2 + l_44;
    f_46  =  *((__global float *) ul_45);
    i_47  =  i_32 + i_24;
    l_48  =  (long) i_47;
    l_49  =  l_48 + 4L;
    l_50  =  l_49 << 2;
    ul_51  =  ul_3 + l_50;
    f_52  =  f_39 * f_46;
    *((__global float *) ul_51)  =  f_52;
    i_53  =  i_15 + i_24;
    i_24  =  i_53;
  }
  i_54  =  get_global_id(1);
  i_55  =  i_54 + i_19;
  i_56  =  get_global_id(2);
  i_57  =  i_55 + i_56;
  b_58  =  i_57 == 0;
  if(b_58)
  {
    ul_59  =  ul_0 + 264L;
    i_60  =  *((__global int *) ul_59);
    ul_61  =  ul_0 + 268L;
    *((__global int *) ul_61)  =  i_60;
  }
  return;
}
