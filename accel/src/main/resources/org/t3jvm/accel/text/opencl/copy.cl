__kernel void t3_copy(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_33;
  float f_22;
  int i_4, i_6, i_8, i_10, i_12, i_13, i_14, i_15, i_16, i_17, i_23, i_28, i_29, i_30, i_31, i_32, i_35;
  long l_18, l_19, l_20, l_24, l_25, l_26;
  ulong ul_0, ul_1, ul_2, ul_3, ul_5, ul_7, ul_9, ul_11, ul_21, ul_27, ul_34, ul_36;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) y;
  ul_3  =  ul_0 + 24L;
  i_4  =  *((__global int *) ul_3);
  ul_5  =  ul_0 + 16L;
  i_6  =  *((__global int *) ul_5);
  ul_7  =  ul_0 + 20L;
  i_8  =  *((__global int *) ul_7);
  ul_9  =  ul_0 + 260L;
  i_10  =  *((__global int *) ul_9);
  ul_11  =  ul_0 + 248L;
  i_12  =  *((__global int *) ul_11);
  i_13  =  i_12 << 6;
  i_14  =  get_global_id(0);
  i_15  =  i_13 + i_14;
  i_16  =  i_15;
  for(;i_16 < i_4;)
  {
    i_17  =  i_8 + i_16;
    l_18  =  (long) i_17;
    l_19  =  l_18 + 4L;
    l_20  =  l_19 << 2;
    ul_21  =  ul_1 + l_20;
    f_22  =  *((__global float *) ul_21);
    i_23  =  i_6 + i_16;
    l_24  =  (long) i_23;
    l_25  =  l_24 + 4L;
    l_26  =  l_25 << 2;
    ul_27  =  ul_2 + l_26;
    *((__global float *) ul_27)  =  f_22;
    i_28  =  i_10 + i_16;
    i_16  =  i_28;
  }
  i_29  =  get_global_id(1);
  i_30  =  i_29 + i_14;
  i_31  =  get_global_id(2);
  i_32  =  i_30 + i_31;
  b_33  =  i_32 == 0;
  if(b_33)
  {
    ul_34  =  ul_0 + 264L;
    i_35  =  *((__global int *) ul_34);
    ul_36  =  ul_0 + 268L;
    *((__global int *) ul_36)  =  i_35;
  }
  return;
}
