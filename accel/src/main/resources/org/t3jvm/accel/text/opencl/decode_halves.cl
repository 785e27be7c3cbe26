__kernel void t3_decode_halves(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *values, __global uchar *y)
{
  bool b_22, b_45;
  float f_34;
  int i_5, i_6, i_10, i_11, i_12, i_13, i_14, i_15, i_16, i_21, i_23, i_24, i_25, i_26, i_27, i_28, i_29, i_35, i_40, i_41, i_42, i_43, i_44, i_47;
  long l_17, l_18, l_19, l_30, l_31, l_32, l_36, l_37, l_38;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_7, ul_8, ul_9, ul_20, ul_33, ul_39, ul_46, ul_48;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) values;
  ul_3  =  (ulong) y;
  ul_4  =  ul_0 + 28L;
  i_5  =  *((__global int *) ul_4);
  i_6  =  get_global_size(0);
  ul_7  =  ul_0 + 24L;
  ul_8  =  ul_0 + 16L;
  ul_9  =  ul_0 + 20L;
  i_10  =  get_global_id(0);
  i_11  =  i_10;
  for(;i_11 < i_5;)
  {
    i_12  =  *((__global int *) ul_9);
    i_13  =  i_11 >> 31;
    i_14  =  i_13 + i_11;
    i_15  =  i_14 >> 1;
    i_16  =  i_15 + i_12;
    l_17  =  (long) i_16;
    l_18  =  l_17 + 4L;
    l_19  =  l_18 << 2;
    ul_20  =  ul_1 + l_19;
    i_21  =  *((__global int *) ul_20);
    b_22  =  (i_11 & 1) == 0;
    if(b_22)
    {
      i_23  =  i_21 & 65535;
      i_24  =  i_23;
    }
    else
    {
      i_25  =  i_21 >> 16;
      i_26  =  i_25 & 65535;
      i_24  =  i_26;
    }
    i_27  =  *((__global int *) ul_8);
    i_28  =  *((__global int *) ul_7);
    i_29  =  i_24 + i_28;
    l_30  =  (long) i_29;
    l_31  =  l_30 + 4L;
    l_32  =  l_31 << 2;
    ul_33  =  ul_2 + l_32;
    f_34  =  *((__global float *) ul_33);
    i_35  =  i_27 + i_11;
    l_36  =  (long) i_35;
    l_37  =  l_36 + 4L;
    l_38  =  l_37 << 2;
    ul_39  =  ul_3 + l_38;
    *((__global float *) ul_39)  =  f_34;
    i_40  =  i_6 + i_11;
    i_11  =  i_40;
  }
  i_41  =  get_global_id(1);
  i_42  =  i_41 + i_10;
  i_43  =  get_global_id(2);
  i_44  =  i_42 + i_43;
  b_45  =  i_44 == 0;
  if(b_45)
  {
    ul_46  =  ul_0 + 264L;
    i_47  =  *((__global int *) ul_46);
    ul_48  =  ul_0 + 268L;
    *((__global int *) ul_48)  =  i_47;
  }
  return;
}
