__kernel void t3_copy(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_28;
  float f_17;
  int i_4, i_6, i_8, i_9, i_10, i_11, i_12, i_18, i_23, i_24, i_25, i_26, i_27, i_30;
  long l_13, l_14, l_15, l_19, l_20, l_21;
  ulong ul_0, ul_1, ul_2, ul_3, ul_5, ul_7, ul_16, ul_22, ul_29, ul_31;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) y;
  ul_3  =  ul_0 + 24L;
  i_4  =  *((__global int *) ul_3);
  ul_5  =  ul_0 + 16L;
  i_6  =  *((__global int *) ul_5);
  ul_7  =  ul_0 + 20L;
  i_8  =  *((__global int *) ul_7);
  i_9  =  get_global_size(0);
  i_10  =  get_global_id(0);
  i_11  =  i_10;
  for(;i_11 < i_4;)
  {
    i_12  =  i_8 + i_11;
    l_13  =  (long) i_12;
    l_14  =  l_13 + 4L;
    l_15  =  l_14 << 2;
    ul_16  =  ul_1 + l_15;
    f_17  =  *((__global float *) ul_16);
    i_18  =  i_6 + i_11;
    l_19  =  (long) i_18;
    l_20  =  l_19 + 4L;
    l_21  =  l_20 << 2;
    ul_22  =  ul_2 + l_21;
    *((__global float *) ul_22)  =  f_17;
    i_23  =  i_9 + i_11;
    i_11  =  i_23;
  }
  i_24  =  get_global_id(1);
  i_25  =  i_24 + i_10;
  i_26  =  get_global_id(2);
  i_27  =  i_25 + i_26;
  b_28  =  i_27 == 0;
  if(b_28)
  {
    ul_29  =  ul_0 + 264L;
    i_30  =  *((__global int *) ul_29);
    ul_31  =  ul_0 + 268L;
    *((__global int *) ul_31)  =  i_30;
  }
  return;
}
