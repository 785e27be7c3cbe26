__kernel void t3_embedding(__global uchar *ints, __global uchar *floats, __global uchar *table, __global uchar *ids, __global uchar *y)
{
  bool b_44;
  float f_21, f_33;
  int i_5, i_7, i_8, i_12, i_13, i_14, i_15, i_16, i_22, i_23, i_24, i_25, i_26, i_27, i_28, i_34, i_39, i_40, i_41, i_42, i_43, i_46;
  long l_17, l_18, l_19, l_29, l_30, l_31, l_35, l_36, l_37;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_9, ul_10, ul_11, ul_20, ul_32, ul_38, ul_45, ul_47;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) table;
  ul_2  =  (ulong) ids;
  ul_3  =  (ulong) y;
  ul_4  =  ul_0 + 28L;
  i_5  =  *((__global int *) ul_4);
  ul_6  =  ul_0 + 32L;
  i_7  =  *((__global int *) ul_6);
  i_8  =  get_global_size(0);
  ul_9  =  ul_0 + 20L;
  ul_10  =  ul_0 + 16L;
  ul_11  =  ul_0 + 24L;
  i_12  =  get_global_id(0);
  i_13  =  i_12;
  for(;i_13 < i_5;)
  {
    i_14  =  *((__global int *) ul_11);
    i_15  =  i_13 / i_7;
    i_16  =  i_14 + i_15;
    l_17  =  (long) i_16;
    l_18  =  l_17 + 4L;
    l_19  =  l_18 << 2;
    ul_20  =  ul_2 + l_19;
    f_21  =  *((__global float *) ul_20);
    i_22  =  *((__global int *) ul_10);
    i_23  =  *((__global int *) ul_9);
    i_24  =  isnan(f_21)? 0 : (int) f_21;
    i_25  =  i_24 * i_7;
    i_26  =  i_25 + i_23;
    i_27  =  i_13 % i_7;
    i_28  =  i_26 + i_27;
    l_29  =  (long) i_28;
    l_30  =  l_29 + 4L;
    l_31  =  l_30 << 2;
    ul_32  =  ul_1 + l_31;
    f_33  =  *((__global float *) ul_32);
    i_34  =  i_22 + i_13;
    l_35  =  (long) i_34;
    l_36  =  l_35 + 4L;
    l_37  =  l_36 << 2;
    ul_38  =  ul_3 + l_37;
    *((__global float *) ul_38)  =  f_33;
    i_39  =  i_8 + i_13;
    i_13  =  i_39;
  }
  i_40  =  get_global_id(1);
  i_41  =  i_40 + i_12;
  i_42  =  get_global_id(2);
  i_43  =  i_41 + i_42;
  b_44  =  i_43 == 0;
  if(b_44)
  {
    ul_45  =  ul_0 + 264L;
    i_46  =  *((__global int *) ul_45);
    ul_47  =  ul_0 + 268L;
    *((__global int *) ul_47)  =  i_46;
  }
  return;
}
