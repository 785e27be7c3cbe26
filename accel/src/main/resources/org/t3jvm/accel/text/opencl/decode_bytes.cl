__kernel void t3_decode_bytes(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_25, b_40;
  float f_34;
  int i_4, i_5, i_8, i_9, i_10, i_11, i_12, i_13, i_14, i_15, i_20, i_21, i_22, i_23, i_24, i_26, i_27, i_28, i_29, i_35, i_36, i_37, i_38, i_39, i_42;
  long l_16, l_17, l_18, l_30, l_31, l_32;
  ulong ul_0, ul_1, ul_2, ul_3, ul_6, ul_7, ul_19, ul_33, ul_41, ul_43;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) y;
  ul_3  =  ul_0 + 24L;
  i_4  =  *((__global int *) ul_3);
  i_5  =  get_global_size(0);
  ul_6  =  ul_0 + 16L;
  ul_7  =  ul_0 + 20L;
  i_8  =  get_global_id(0);
  i_9  =  i_8;
  for(;i_9 < i_4;)
  {
    i_10  =  *((__global int *) ul_7);
    i_11  =  i_9 >> 31;
    i_12  =  i_11 >> 30;
    i_13  =  i_12 + i_9;
    i_14  =  i_13 >> 2;
    i_15  =  i_14 + i_10;
    l_16  =  (long) i_15;
    l_17  =  l_16 + 4L;
    l_18  =  l_17 << 2;
    ul_19  =  ul_1 + l_18;
    i_20  =  *((__global int *) ul_19);
    i_21  =  i_9 % 4;
    i_22  =  i_21 << 3;
    i_23  =  i_20 >> i_22;
    i_24  =  i_23 & 255;
    b_25  =  i_24 >= 0 && i_24 < 128;
    if(b_25)
    {
      i_26  =  i_24;
    }
    else
    {
      i_27  =  i_24 + -256;
      i_26  =  i_27;
    }
    i_28  =  *((__global int *) ul_6);
    i_29  =  i_28 + i_9;
    l_30  =  (long) i_29;
    l_31  =  l_30 + 4L;
    l_32  =  l_31 << 2;
    ul_33  =  ul_2 + l_32;
    f_34  =  (float) i_26;
    *((__global float *) ul_33)  =  f_34;
    i_35  =  i_5 + i_9;
    i_9  =  i_35;
  }
  i_36  =  get_global_id(1);
  i_37  =  i_36 + i_8;
  i_38  =  get_global_id(2);
  i_39  =  i_37 + i_38;
  b_40  =  i_39 == 0;
  if(b_40)
  {
    ul_41  =  ul_0 + 264L;
    i_42  =  *((__global int *) ul_41);
    ul_43  =  ul_0 + 268L;
    *((__global int *) ul_43)  =  i_42;
  }
  return;
}
