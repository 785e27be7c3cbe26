__kernel void t3_copy_strided(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_65;
  float f_55;
  int i_4, i_6, i_8, i_10, i_11, i_12, i_13, i_14, i_17, i_18, i_19, i_20, i_21, i_22, i_23, i_24, i_25, i_26, i_31, i_32, i_37, i_38, i_43, i_44, i_45, i_46, i_47, i_48, i_49, i_50, i_60, i_61, i_62, i_63, i_64, i_67;
  long l_27, l_28, l_29, l_33, l_34, l_35, l_39, l_40, l_41, l_51, l_52, l_53, l_56, l_57, l_58;
  ulong ul_0, ul_1, ul_2, ul_3, ul_5, ul_7, ul_9, ul_15, ul_16, ul_30, ul_36, ul_42, ul_54, ul_59, ul_66, ul_68;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) y;
  ul_3  =  ul_0 + 24L;
  i_4  =  *((__global int *) ul_3);
  ul_5  =  ul_0 + 28L;
  i_6  =  *((__global int *) ul_5);
  ul_7  =  ul_0 + 260L;
  i_8  =  *((__global int *) ul_7);
  ul_9  =  ul_0 + 248L;
  i_10  =  *((__global int *) ul_9);
  i_11  =  i_10 << 6;
  i_12  =  get_global_id(0);
  i_13  =  i_11 + i_12;
  i_14  =  i_6 + -1;
  ul_15  =  ul_0 + 20L;
  ul_16  =  ul_0 + 16L;
  i_17  =  i_13;
  for(;i_17 < i_4;)
  {
    i_18  =  *((__global int *) ul_16);
    i_19  =  *((__global int *) ul_15);
    i_20  =  i_17;
    i_21  =  i_18;
    i_22  =  i_19;
    i_23  =  i_14;
    for(;i_23 >= 0;)
    {
      i_24  =  i_23 << 1;
      i_25  =  i_24 + i_23;
      i_26  =  i_25 + 4;
      l_27  =  (long) i_26;
      l_28  =  l_27 + 4L;
      l_29  =  l_28 << 2;
      ul_30  =  ul_0 + l_29;
      i_31  =  *((__global int *) ul_30);
      i_32  =  i_25 + 5;
      l_33  =  (long) i_32;
      l_34  =  l_33 + 4L;
      l_35  =  l_34 << 2;
      ul_36  =  ul_0 + l_35;
      i_37  =  *((__global int *) ul_36);
      i_38  =  i_25 + 6;
      l_39  =  (long) i_38;
      l_40  =  l_39 + 4L;
      l_41  =  l_40 << 2;
      ul_42  =  ul_0 + l_41;
      i_43  =  *((__global int *) ul_42);
      i_44  =  i_20 % i_31;
      i_45  =  i_44 * i_43;
      i_46  =  i_22 + i_45;
      i_47  =  i_37 * i_44;
      i_48  =  i_21 + i_47;
      i_49  =  i_20 / i_31;
      i_50  =  i_23 + -1;
      i_20  =  i_49;
      i_21  =  i_48;
      i_22  =  i_46;
      i_23  =  i_50;
    }
    l_51  =  (long) i_22;
    l_52  =  l_51 + 4L;
    l_53  =  l_52 << 2;
    ul_54  =  ul_1 + l_53;
    f_55  =  *((__global float *) ul_54);
    l_56  =  (long) i_21;
    l_57  =  l_56 + 4L;
    l_58  =  l_57 << 2;
    ul_59  =  ul_2 + l_58;
    *((__global float *) ul_59)  =  f_55;
    i_60  =  i_8 + i_17;
    i_17  =  i_60;
  }
  i_61  =  get_global_id(1);
  i_62  =  i_61 + i_12;
  i_63  =  get_global_id(2);
  i_64  =  i_62 + i_63;
  b_65  =  i_64 == 0;
  if(b_65)
  {
    ul_66  =  ul_0 + 264L;
    i_67  =  *((__global int *) ul_66);
    ul_68  =  ul_0 + 268L;
    *((__global int *) ul_68)  =  i_67;
  }
  return;
}
