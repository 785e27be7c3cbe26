__kernel void t3_embedding_of_halves(__global uchar *ints, __global uchar *floats, __global uchar *table, __global uchar *ids, __global uchar *values, __global uchar *y)
{
  bool b_47, b_70;
  float f_29, f_59;
  int i_6, i_8, i_10, i_12, i_13, i_14, i_15, i_21, i_22, i_23, i_24, i_30, i_31, i_34, i_40, i_41, i_46, i_48, i_49, i_50, i_51, i_52, i_53, i_54, i_60, i_65, i_66, i_67, i_68, i_69, i_72;
  long l_16, l_25, l_26, l_27, l_32, l_33, l_35, l_36, l_37, l_38, l_39, l_42, l_43, l_44, l_55, l_56, l_57, l_61, l_62, l_63;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_5, ul_7, ul_9, ul_11, ul_17, ul_18, ul_19, ul_20, ul_28, ul_45, ul_58, ul_64, ul_71, ul_73;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) table;
  ul_2  =  (ulong) ids;
  ul_3  =  (ulong) values;
  ul_4  =  (ulong) y;
  ul_5  =  ul_0 + 32L;
  i_6  =  *((__global int *) ul_5);
  ul_7  =  ul_0 + 36L;
  i_8  =  *((__global int *) ul_7);
  ul_9  =  ul_0 + 260L;
  i_10  =  *((__global int *) ul_9);
  ul_11  =  ul_0 + 248L;
  i_12  =  *((__global int *) ul_11);
  i_13  =  i_12 << 6;
  i_14  =  get_global_id(0);
  i_15  =  i_13 + i_14;
  l_16  =  (long) i_8;
  ul_17  =  ul_0 + 28L;
  ul_18  =  ul_0 + 16L;
  ul_19  =  ul_0 + 20L;
  ul_20  =  ul_0 + 24L;
  i_21  =  i_15;
  for(;i_21 < i_6;)
  {
    i_22  =  *((__global int *) ul_20);
    i_23  =  i_21 / i_8;
    i_24  =  i_22 + i_23;
    l_25  =  (long) i_24;
    l_26  =  l_25 + 4L;
    l_27  =  l_26 << 2;
    ul_28  =  ul_2 + l_27;
    f_29  =  *((__global float *) ul_28);
    i_30  =  *((__global int *) ul_19);
    i_31  =  isnan(f_29)? 0 : (int) f_29;
    l_32  =  (long) i_31;
    l_33  =  l_32 * l_16;
    i_34  =  i_21 % i_8;
    l_35  =  (long) i_34;
    l_36  =  l_33 + l_35;
    l_37  =  l_36 >> 63;
    l_38  =  l_37 + l_36;
    l_39  =  l_38 >> 1;
    i_40  =  (int) l_39;
    i_41  =  i_40 + i_30;
    l_42  =  (long) i_41;
    l_43  =  l_42 + 4L;
    l_44  =  l_43 << 2;
    ul_45  =  ul_1 + l_44;
    i_46  =  *((__global int *) ul_45);
    b_47  =  (l_36 & 1L) == 0;
    if(b_47)
    {
      i_48  =  i_46 & 65535;
      i_49  =  i_48;
    }
    else
    {
      i_50  =  i_46 >> 16;
      i_51  =  i_50 & 65535;
      i_49  =  i_51;
    }
    i_52  =  *((__global int *) ul_18);
    i_53  =  *((__global int *) ul_17);
    i_54  =  i_49 + i_53;
    l_55  =  (long) i_54;
    l_56  =  l_55 + 4L;
    l_57  =  l_56 << 2;
    ul_58  =  ul_3 + l_57;
    f_59  =  *((__global float *) ul_58);
    i_60  =  i_52 + i_21;
    l_61  =  (long) i_60;
    l_62  =  l_61 + 4L;
    l_63  =  l_62 << 2;
    ul_64  =  ul_4 + l_63;
    *((__global float *) ul_64)  =  f_59;
    i_65  =  i_10 + i_21;
    i_21  =  i_65;
  }
  i_66  =  get_global_id(1);
  i_67  =  i_66 + i_14;
  i_68  =  get_global_id(2);
  i_69  =  i_67 + i_68;
  b_70  =  i_69 == 0;
  if(b_70)
  {
    ul_71  =  ul_0 + 264L;
    i_72  =  *((__global int *) ul_71);
    ul_73  =  ul_0 + 268L;
    *((__global int *) ul_73)  =  i_72;
  }
  return;
}
