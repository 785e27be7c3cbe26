__kernel void t3_rope(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *table, __global uchar *y)
{
  bool b_33, b_42, b_113;
  float f_67, f_73, f_81, f_89, f_96, f_97, f_98, f_106, f_107;
  int i_5, i_7, i_9, i_11, i_13, i_15, i_17, i_19, i_21, i_22, i_23, i_24, i_25, i_29, i_30, i_31, i_32, i_34, i_35, i_36, i_37, i_38, i_39, i_40, i_41, i_44, i_45, i_46, i_47, i_48, i_49, i_50, i_51, i_52, i_54, i_55, i_56, i_57, i_58, i_59, i_60, i_61, i_62, i_68, i_74, i_75, i_76, i_82, i_83, i_84, i_90, i_91, i_99, i_100, i_101, i_108, i_109, i_110, i_111, i_112, i_115;
  long l_63, l_64, l_65, l_69, l_70, l_71, l_77, l_78, l_79, l_85, l_86, l_87, l_92, l_93, l_94, l_102, l_103, l_104;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_10, ul_12, ul_14, ul_16, ul_18, ul_20, ul_26, ul_27, ul_28, ul_43, ul_53, ul_66, ul_72, ul_80, ul_88, ul_95, ul_105, ul_114, ul_116;
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
  ul_18  =  ul_0 + 260L;
  i_19  =  *((__global int *) ul_18);
  ul_20  =  ul_0 + 248L;
  i_21  =  *((__global int *) ul_20);
  i_22  =  i_21 << 6;
  i_23  =  get_global_id(0);
  i_24  =  i_22 + i_23;
  i_25  =  i_7 * i_9;
  ul_26  =  ul_0 + 16L;
  ul_27  =  ul_0 + 20L;
  ul_28  =  ul_0 + 24L;
  i_29  =  i_24;
  for(;i_29 < i_5;)
  {
    i_30  =  *((__global int *) ul_28);
    i_31  =  i_29 / i_25;
    i_32  =  i_29 % i_9;
    b_33  =  i_32 < i_11;
    if(b_33)
    {
      i_34  =  i_15 * i_17;
      i_35  =  i_31 / i_34;
      i_36  =  i_35 * i_11;
      i_37  =  i_36 + i_32;
      i_38  =  i_37 << 1;
      i_39  =  i_38 + i_30;
      i_40  =  i_39;
    }
    else
    {
      i_41  =  i_13 + i_11;
      b_42  =  i_32 < i_41;
      if(b_42)
      {
        ul_43  =  ul_0 + 56L;
        i_44  =  *((__global int *) ul_43);
        i_45  =  i_31 / i_17;
        i_46  =  i_45 % i_15;
        i_47  =  i_46 * i_13;
        i_48  =  i_47 + i_32;
        i_49  =  i_48 - i_11;
        i_50  =  i_49 << 1;
        i_51  =  i_50 + i_44;
        i_52  =  i_51 + i_30;
        i_40  =  i_52;
      }
      else
      {
        ul_53  =  ul_0 + 60L;
        i_54  =  *((__global int *) ul_53);
        i_55  =  i_31 % i_17;
        i_56  =  i_55 * i_13;
        i_57  =  i_56 + i_32;
        i_58  =  i_57 - i_11;
        i_59  =  i_58 - i_13;
        i_60  =  i_59 << 1;
        i_61  =  i_60 + i_54;
        i_62  =  i_61 + i_30;
        i_40  =  i_62;
      }
    }
    l_63  =  (long) i_40;
    l_64  =  l_63 + 4L;
    l_65  =  l_64 << 2;
    ul_66  =  ul_2 + l_65;
    f_67  =  *((__global float *) ul_66);
    i_68  =  i_40 + 1;
    l_69  =  (long) i_68;
    l_70  =  l_69 + 4L;
    l_71  =  l_70 << 2;
    ul_72  =  ul_2 + l_71;
    f_73  =  *((__global float *) ul_72);
    i_74  =  *((__global int *) ul_27);
    i_75  =  i_29 << 1;
    i_76  =  i_75 + i_74;
    l_77  =  (long) i_76;
    l_78  =  l_77 + 4L;
    l_79  =  l_78 << 2;
    ul_80  =  ul_1 + l_79;
    f_81  =  *((__global float *) ul_80);
    i_82  =  *((__global int *) ul_27);
    i_83  =  i_82 + i_75;
    i_84  =  i_83 + 1;
    l_85  =  (long) i_84;
    l_86  =  l_85 + 4L;
    l_87  =  l_86 << 2;
    ul_88  =  ul_1 + l_87;
    f_89  =  *((__global float *) ul_88);
    i_90  =  *((__global int *) ul_26);
    i_91  =  i_90 + i_75;
    l_92  =  (long) i_91;
    l_93  =  l_92 + 4L;
    l_94  =  l_93 << 2;
    ul_95  =  ul_3 + l_94;
    f_96  =  f_67 * f_81;
    f_97  =  f_73 * f_89;
    f_98  =  f_96 - f_97;
    *((__global float *) ul_95)  =  f_98;
    i_99  =  *((__global int *) ul_26);
    i_100  =  i_99 + i_75;
    i_101  =  i_100 + 1;
    l_102  =  (long) i_101;
    l_103  =  l_102 + 4L;
    l_104  =  l_103 << 2;
    ul_105  =  ul_3 + l_104;
    f_106  =  f_67 * f_89;
    f_107  =  fma(f_73, f_81, f_106);
    *((__global float *) ul_105)  =  f_107;
    i_108  =  i_19 + i_29;
    i_29  =  i_108;
  }
  i_109  =  get_global_id(1);
  i_110  =  i_109 + i_23;
  i_111  =  get_global_id(2);
  i_112  =  i_110 + i_111;
  b_113  =  i_112 == 0;
  if(b_113)
  {
    ul_114  =  ul_0 + 264L;
    i_115  =  *((__global int *) ul_114);
    ul_116  =  ul_0 + 268L;
    *((__global int *) ul_116)  =  i_115;
  }
  return;
}
