__kernel void t3_embedding_of_halves(__global uchar *ints, __global uchar *floats, __global uchar *table, __global uchar *ids, __global uchar *values, __global uchar *y)
{
  bool b_42, b_65;
  float f_24, f_54;
  int i_6, i_8, i_10, i_15, i_16, i_17, i_18, i_19, i_25, i_26, i_29, i_35, i_36, i_41, i_43, i_44, i_45, i_46, i_47, i_48, i_49, i_55, i_60, i_61, i_62, i_63, i_64, i_67;
  long l_9, l_20, l_21, l_22, l_27, l_28, l_30, l_31, l_32, l_33, l_34, l_37, l_38, l_39, l_50, l_51, l_52, l_56, l_57, l_58;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_5, ul_7, ul_11, ul_12, ul_13, ul_14, ul_23, ul_40, ul_53, ul_59, ul_66, ul_68;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) table;
  ul_2  =  (ulong) ids;
  ul_3  =  (ulong) values;
  ul_4  =  (ulong) y;
  ul_5  =  ul_0 + 32L;
  i_6  =  *((__global int *) ul_5);
  ul_7  =  ul_0 + 36L;
  i_8  =  *((__global int *) ul_7);
  l_9  =  (long) i_8;
  i_10  =  get_global_size(0);
  ul_11  =  ul_0 + 28L;
  ul_12  =  ul_0 + 16L;
  ul_13  =  ul_0 + 20L;
  ul_14  =  ul_0 + 24L;
  i_15  =  get_global_id(0);
  i_16  =  i_15;
  for(;i_16 < i_6;)
  {
    i_17  =  *((__global int *) ul_14);
    i_18  =  i_16 / i_8;
    i_19  =  i_17 + i_18;
    l_20  =  (long) i_19;
    l_21  =  l_20 + 4L;
    l_22  =  l_21 << 2;
    ul_23  =  ul_2 + l_22;
    f_24  =  *((__global float *) ul_23);
    i_25  =  *((__global int *) ul_13);
    i_26  =  isnan(f_24)? 0 : (int) f_24;
    l_27  =  (long) i_26;
    l_28  =  l_27 * l_9;
    i_29  =  i_16 % i_8;
    l_30  =  (long) i_29;
    l_31  =  l_28 + l_30;
    l_32  =  l_31 >> 63;
    l_33  =  l_32 + l_31;
    l_34  =  l_33 >> 1;
    i_35  =  (int) l_34;
    i_36  =  i_35 + i_25;
    l_37  =  (long) i_36;
    l_38  =  l_37 + 4L;
    l_39  =  l_38 << 2;
    ul_40  =  ul_1 + l_39;
    i_41  =  *((__global int *) ul_40);
    b_42  =  (l_31 & 1L) == 0;
    if(b_42)
    {
      i_43  =  i_41 & 65535;
      i_44  =  i_43;
    }
    else
    {
      i_45  =  i_41 >> 16;
      i_46  =  i_45 & 65535;
      i_44  =  i_46;
    }
    i_47  =  *((__global int *) ul_12);
    i_48  =  *((__global int *) ul_11);
    i_49  =  i_44 + i_48;
    l_50  =  (long) i_49;
    l_51  =  l_50 + 4L;
    l_52  =  l_51 << 2;
    ul_53  =  ul_3 + l_52;
    f_54  =  *((__global float *) ul_53);
    i_55  =  i_47 + i_16;
    l_56  =  (long) i_55;
    l_57  =  l_56 + 4L;
    l_58  =  l_57 << 2;
    ul_59  =  ul_4 + l_58;
    *((__global float *) ul_59)  =  f_54;
    i_60  =  i_10 + i_16;
    i_16  =  i_60;
  }
  i_61  =  get_global_id(1);
  i_62  =  i_61 + i_15;
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
