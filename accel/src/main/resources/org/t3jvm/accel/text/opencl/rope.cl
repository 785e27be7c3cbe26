__kernel void t3_rope(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *table, __global uchar *y)
{
  bool b_28, b_37, b_108;
  float f_62, f_68, f_76, f_84, f_91, f_92, f_93, f_101, f_102;
  int i_5, i_7, i_9, i_11, i_13, i_15, i_17, i_18, i_19, i_23, i_24, i_25, i_26, i_27, i_29, i_30, i_31, i_32, i_33, i_34, i_35, i_36, i_39, i_40, i_41, i_42, i_43, i_44, i_45, i_46, i_47, i_49, i_50, i_51, i_52, i_53, i_54, i_55, i_56, i_57, i_63, i_69, i_70, i_71, i_77, i_78, i_79, i_85, i_86, i_94, i_95, i_96, i_103, i_104, i_105, i_106, i_107, i_110;
  long l_58, l_59, l_60, l_64, l_65, l_66, l_72, l_73, l_74, l_80, l_81, l_82, l_87, l_88, l_89, l_97, l_98, l_99;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_10, ul_12, ul_14, ul_16, ul_20, ul_21, ul_22, ul_38, ul_48, ul_61, ul_67, ul_75, ul_83, ul_90, ul_100, ul_109, ul_111;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) table;
  ul_3  =  (ulong) y;
  ul_4  =  ul_0 + 28L;
  i_5  =  *((__global int *) ul_4);
  ul_6  =  ul_0 + 32L;
  i_7  =  *((__global int *) ul_6);
  ul_8  =  ul_0 + 36L;
  i_9  =  *((__global int *) ul_8);
  ul_10  =  ul_0 + 40L;
  i_11  =  *((__global int *) ul_10);
  ul_12  =  ul_0 + 44L;
  i_13  =  *((__global int *) ul_12);
  ul_14  =  ul_0 + 48L;
  i_15  =  *((__global int *) ul_14);
  ul_16  =  ul_0 + 52L;
  i_17  =  *((__global int *) ul_16);
  i_18  =  i_7 * i_9;
  i_19  =  get_global_size(0);
  ul_20  =  ul_0 + 16L;
  ul_21  =  ul_0 + 20L;
  ul_22  =  ul_0 + 24L;
  i_23  =  get_global_id(0);
  i_24  =  i_23;
  for(;i_24 < i_5;)
  {
    i_25  =  *((__global int *) ul_22);
    i_26  =  i_24 / i_18;
    i_27  =  i_24 % i_9;
    b_28  =  i_27 < i_11;
    if(b_28)
    {
      i_29  =  i_15 * i_17;
      i_30  =  i_26 / i_29;
      i_31  =  i_30 * i_11;
      i_32  =  i_31 + i_27;
      i_33  =  i_32 << 1;
      i_34  =  i_33 + i_25;
      i_35  =  i_34;
    }
    else
    {
      i_36  =  i_13 + i_11;
      b_37  =  i_27 < i_36;
      if(b_37)
      {
        ul_38  =  ul_0 + 56L;
        i_39  =  *((__global int *) ul_38);
        i_40  =  i_26 / i_17;
        i_41  =  i_40 % i_15;
        i_42  =  i_41 * i_13;
        i_43  =  i_42 + i_27;
        i_44  =  i_43 - i_11;
        i_45  =  i_44 << 1;
        i_46  =  i_45 + i_39;
        i_47  =  i_46 + i_25;
        i_35  =  i_47;
      }
      else
      {
        ul_48  =  ul_0 + 60L;
        i_49  =  *((__global int *) ul_48);
        i_50  =  i_26 % i_17;
        i_51  =  i_50 * i_13;
        i_52  =  i_51 + i_27;
        i_53  =  i_52 - i_11;
        i_54  =  i_53 - i_13;
        i_55  =  i_54 << 1;
        i_56  =  i_55 + i_49;
        i_57  =  i_56 + i_25;
        i_35  =  i_57;
      }
    }
    l_58  =  (long) i_35;
    l_59  =  l_58 + 4L;
    l_60  =  l_59 << 2;
    ul_61  =  ul_2 + l_60;
    f_62  =  *((__global float *) ul_61);
    i_63  =  i_35 + 1;
    l_64  =  (long) i_63;
    l_65  =  l_64 + 4L;
    l_66  =  l_65 << 2;
    ul_67  =  ul_2 + l_66;
    f_68  =  *((__global float *) ul_67);
    i_69  =  *((__global int *) ul_21);
    i_70  =  i_24 << 1;
    i_71  =  i_70 + i_69;
    l_72  =  (long) i_71;
    l_73  =  l_72 + 4L;
    l_74  =  l_73 << 2;
    ul_75  =  ul_1 + l_74;
    f_76  =  *((__global float *) ul_75);
    i_77  =  *((__global int *) ul_21);
    i_78  =  i_77 + i_70;
    i_79  =  i_78 + 1;
    l_80  =  (long) i_79;
    l_81  =  l_80 + 4L;
    l_82  =  l_81 << 2;
    ul_83  =  ul_1 + l_82;
    f_84  =  *((__global float *) ul_83);
    i_85  =  *((__global int *) ul_20);
    i_86  =  i_85 + i_70;
    l_87  =  (long) i_86;
    l_88  =  l_87 + 4L;
    l_89  =  l_88 << 2;
    ul_90  =  ul_3 + l_89;
    f_91  =  f_62 * f_76;
    f_92  =  f_68 * f_84;
    f_93  =  f_91 - f_92;
    *((__global float *) ul_90)  =  f_93;
    i_94  =  *((__global int *) ul_20);
    i_95  =  i_94 + i_70;
    i_96  =  i_95 + 1;
    l_97  =  (long) i_96;
    l_98  =  l_97 + 4L;
    l_99  =  l_98 << 2;
    ul_100  =  ul_3 + l_99;
    f_101  =  f_62 * f_84;
    f_102  =  fma(f_68, f_76, f_101);
    *((__global float *) ul_100)  =  f_102;
    i_103  =  i_19 + i_24;
    i_24  =  i_103;
  }
  i_104  =  get_global_id(1);
  i_105  =  i_104 + i_23;
  i_106  =  get_global_id(2);
  i_107  =  i_105 + i_106;
  b_108  =  i_107 == 0;
  if(b_108)
  {
    ul_109  =  ul_0 + 264L;
    i_110  =  *((__global int *) ul_109);
    ul_111  =  ul_0 + 268L;
    *((__global int *) ul_111)  =  i_110;
  }
  return;
}
