__kernel void t3_embedding(__global uchar *ints, __global uchar *floats, __global uchar *table, __global uchar *ids, __global uchar *y)
{
  bool b_49;
  float f_26, f_38;
  int i_5, i_7, i_9, i_11, i_12, i_13, i_14, i_18, i_19, i_20, i_21, i_27, i_28, i_29, i_30, i_31, i_32, i_33, i_39, i_44, i_45, i_46, i_47, i_48, i_51;
  long l_22, l_23, l_24, l_34, l_35, l_36, l_40, l_41, l_42;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_10, ul_15, ul_16, ul_17, ul_25, ul_37, ul_43, ul_50, ul_52;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) table;
  ul_2  =  (ulong) ids;
  ul_3  =  (ulong) y;
  ul_4  =  ul_0 + 28L;
  i_5  =  *((__global int *) ul_4);
  ul_6  =  ul_0 + 32L;
  i_7  =  *((__global int *) ul_6);
  ul_8  =  ul_0 + 260L;
  i_9  =  *((__global int *) ul_8);
  ul_10  =  ul_0 + 248L;
  i_11  =  *((__global int *) ul_10);
  i_12  =  i_11 << 6;
  i_13  =  get_global_id(0);
  i_14  =  i_12 + i_13;
  ul_15  =  ul_0 + 20L;
  ul_16  =  ul_0 + 16L;
  ul_17  =  ul_0 + 24L;
  i_18  =  i_14;
  for(;i_18 < i_5;)
  {
    i_19  =  *((__global int *) ul_17);
    i_20  =  i_18 / i_7;
    i_21  =  i_19 + i_20;
    l_22  =  (long) i_21;
    l_23  =  l_22 + 4L;
    l_24  =  l_23 << 2;
    ul_25  =  ul_2 + l_24;
    f_26  =  *((__global float *) ul_25);
    i_27  =  *((__global int *) ul_16);
    i_28  =  *((__global int *) ul_15);
    i_29  =  isnan(f_26)? 0 : (int) f_26;
    i_30  =  i_29 * i_7;
    i_31  =  i_30 + i_28;
    i_32  =  i_18 % i_7;
    i_33  =  i_31 + i_32;
    l_34  =  (long) i_33;
    l_35  =  l_34 + 4L;
    l_36  =  l_35 << 2;
    ul_37  =  ul_1 + l_36;
    f_38  =  *((__global float *) ul_37);
    i_39  =  i_27 + i_18;
    l_40  =  (long) i_39;
    l_41  =  l_40 + 4L;
    l_42  =  l_41 << 2;
    ul_43  =  ul_3 + l_42;
    *((__global float *) ul_43)  =  f_38;
    i_44  =  i_9 + i_18;
    i_18  =  i_44;
  }
  i_45  =  get_global_id(1);
  i_46  =  i_45 + i_13;
  i_47  =  get_global_id(2);
  i_48  =  i_46 + i_47;
  b_49  =  i_48 == 0;
  if(b_49)
  {
    ul_50  =  ul_0 + 264L;
    i_51  =  *((__global int *) ul_50);
    ul_52  =  ul_0 + 268L;
    *((__global int *) ul_52)  =  i_51;
  }
  return;
}
