__kernel void t3_decode_halves(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *values, __global uchar *y)
{
  bool b_27, b_50;
  float f_39;
  int i_5, i_7, i_9, i_10, i_11, i_12, i_16, i_17, i_18, i_19, i_20, i_21, i_26, i_28, i_29, i_30, i_31, i_32, i_33, i_34, i_40, i_45, i_46, i_47, i_48, i_49, i_52;
  long l_22, l_23, l_24, l_35, l_36, l_37, l_41, l_42, l_43;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_13, ul_14, ul_15, ul_25, ul_38, ul_44, ul_51, ul_53;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) values;
  ul_3  =  (ulong) y;
  ul_4  =  ul_0 + 28L;
  i_5  =  *((__global int *) ul_4);
  ul_6  =  ul_0 + 260L;
  i_7  =  *((__global int *) ul_6);
  ul_8  =  ul_0 + 248L;
  i_9  =  *((__global int *) ul_8);
  i_10  =  i_9 << 6;
  i_11  =  get_global_id(0);
  i_12  =  i_10 + i_11;
  ul_13  =  ul_0 + 24L;
  ul_14  =  ul_0 + 16L;
  ul_15  =  ul_0 + 20L;
  i_16  =  i_12;
  for(;i_16 < i_5;)
  {
    i_17  =  *((__global int *) ul_15);
    i_18  =  i_16 >> 31;
    i_19  =  i_18 + i_16;
    i_20  =  i_19 >> 1;
    i_21  =  i_20 + i_17;
    l_22  =  (long) i_21;
    l_23  =  l_22 + 4L;
    l_24  =  l_23 << 2;
    ul_25  =  ul_1 + l_24;
    i_26  =  *((__global int *) ul_25);
    b_27  =  (i_16 & 1) == 0;
    if(b_27)
    {
      i_28  =  i_26 & 65535;
      i_29  =  i_28;
    }
    else
    {
      i_30  =  i_26 >> 16;
      i_31  =  i_30 & 65535;
      i_29  =  i_31;
    }
    i_32  =  *((__global int *) ul_14);
    i_33  =  *((__global int *) ul_13);
    i_34  =  i_29 + i_33;
    l_35  =  (long) i_34;
    l_36  =  l_35 + 4L;
    l_37  =  l_36 << 2;
    ul_38  =  ul_2 + l_37;
    f_39  =  *((__global float *) ul_38);
    i_40  =  i_32 + i_16;
    l_41  =  (long) i_40;
    l_42  =  l_41 + 4L;
    l_43  =  l_42 << 2;
    ul_44  =  ul_3 + l_43;
    *((__global float *) ul_44)  =  f_39;
    i_45  =  i_7 + i_16;
    i_16  =  i_45;
  }
  i_46  =  get_global_id(1);
  i_47  =  i_46 + i_11;
  i_48  =  get_global_id(2);
  i_49  =  i_47 + i_48;
  b_50  =  i_49 == 0;
  if(b_50)
  {
    ul_51  =  ul_0 + 264L;
    i_52  =  *((__global int *) ul_51);
    ul_53  =  ul_0 + 268L;
    *((__global int *) ul_53)  =  i_52;
  }
  return;
}
