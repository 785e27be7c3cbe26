__kernel void t3_scale_blocks(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *scales, __global uchar *y)
{
  bool b_22, b_53;
  float f_34, f_41, f_47;
  int i_5, i_7, i_9, i_11, i_13, i_14, i_18, i_19, i_20, i_21, i_23, i_24, i_25, i_26, i_27, i_28, i_29, i_35, i_36, i_42, i_48, i_49, i_50, i_51, i_52, i_55;
  long l_30, l_31, l_32, l_37, l_38, l_39, l_43, l_44, l_45;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_10, ul_12, ul_15, ul_16, ul_17, ul_33, ul_40, ul_46, ul_54, ul_56;
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
  i_14  =  get_global_size(0);
  ul_15  =  ul_0 + 24L;
  ul_16  =  ul_0 + 20L;
  ul_17  =  ul_0 + 16L;
  i_18  =  get_global_id(0);
  i_19  =  i_18;
  for(;i_19 < i_5;)
  {
    i_20  =  i_19 % i_7;
    i_21  =  i_20 / i_9;
    b_22  =  i_13 == 0;
    if(b_22)
    {
      i_23  =  i_19 / i_7;
      i_24  =  i_11 * i_23;
      i_25  =  i_24 + i_21;
      i_26  =  i_25;
    }
    else
    {
      i_26  =  i_21;
    }
    i_27  =  *((__global int *) ul_17);
    i_28  =  *((__global int *) ul_16);
    i_29  =  i_28 + i_19;
    l_30  =  (long) i_29;
    l_31  =  l_30 + 4L;
    l_32  =  l_31 << 2;
    ul_33  =  ul_1 + l_32;
    f_34  =  *((__global float *) ul_33);
    i_35  =  *((__global int *) ul_15);
    i_36  =  i_26 + i_35;
    l_37  =  (long) i_36;
    l_38  =  l_37 + 4L;
    l_39  =  l_38 << 2;
    ul_40  =  ul_2 + l_39;
    f_41  =  *((__global float *) ul_40);
    i_42  =  i_27 + i_19;
    l_43  =  (long) i_42;
    l_44  =  l_43 + 4L;
    l_45  =  l_44 << 2;
    ul_46  =  ul_3 + l_45;
    f_47  =  f_34 * f_41;
    *((__global float *) ul_46)  =  f_47;
    i_48  =  i_14 + i_19;
    i_19  =  i_48;
  }
  i_49  =  get_global_id(1);
  i_50  =  i_49 + i_18;
  i_51  =  get_global_id(2);
  i_52  =  i_50 + i_51;
  b_53  =  i_52 == 0;
  if(b_53)
  {
    ul_54  =  ul_0 + 264L;
    i_55  =  *((__global int *) ul_54);
    ul_56  =  ul_0 + 268L;
    *((__global int *) ul_56)  =  i_55;
  }
  return;
}
