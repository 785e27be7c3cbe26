__kernel void t3_norm(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *weight, __global uchar *bias, __global uchar *y)
{
  bool b_23, b_35, b_56, b_65, b_76, b_77, b_99, b_110, b_132;
  float f_21, f_24, f_31, f_32, f_36, f_38, f_39, f_41, f_42, f_43, f_44, f_51, f_52, f_53, f_57, f_59, f_60, f_62, f_64, f_66, f_68, f_70, f_71, f_72, f_73, f_74, f_75, f_96, f_97, f_98, f_107, f_108, f_109, f_118, f_119, f_120;
  int i_8, i_10, i_12, i_14, i_16, i_17, i_18, i_19, i_20, i_22, i_25, i_26, i_33, i_34, i_37, i_40, i_45, i_46, i_54, i_55, i_58, i_61, i_67, i_78, i_79, i_84, i_86, i_88, i_89, i_90, i_91, i_101, i_102, i_112, i_113, i_121, i_126, i_127, i_128, i_129, i_130, i_131, i_134;
  long l_27, l_28, l_29, l_47, l_48, l_49, l_80, l_81, l_82, l_92, l_93, l_94, l_103, l_104, l_105, l_114, l_115, l_116, l_122, l_123, l_124;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_5, ul_7, ul_9, ul_11, ul_13, ul_15, ul_30, ul_50, ul_63, ul_69, ul_83, ul_85, ul_87, ul_95, ul_100, ul_106, ul_111, ul_117, ul_125, ul_133, ul_135;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) floats;
  ul_2  =  (ulong) x;
  ul_3  =  (ulong) weight;
  ul_4  =  (ulong) bias;
  ul_5  =  (ulong) y;
  __local float adf_6[64];
  ul_7  =  ul_0 + 32L;
  i_8  =  *((__global int *) ul_7);
  ul_9  =  ul_0 + 36L;
  i_10  =  *((__global int *) ul_9);
  ul_11  =  ul_0 + 248L;
  i_12  =  *((__global int *) ul_11);
  ul_13  =  ul_0 + 20L;
  i_14  =  *((__global int *) ul_13);
  ul_15  =  ul_0 + 16L;
  i_16  =  *((__global int *) ul_15);
  i_17  =  get_group_id(0);
  i_18  =  i_12 + i_17;
  i_19  =  i_18 * i_8;
  i_20  =  i_19 + i_14;
  f_21  =  (float) i_8;
  i_22  =  get_local_id(0);
  b_23  =  i_10 == 1;
  if(b_23)
  {
    f_24  =  0.0F;
    i_25  =  i_22;
    for(;i_25 < i_8;)
    {
      i_26  =  i_20 + i_25;
      l_27  =  (long) i_26;
      l_28  =  l_27 + 4L;
      l_29  =  l_28 << 2;
      ul_30  =  ul_2 + l_29;
      f_31  =  *((__global float *) ul_30);
      f_32  =  f_24 + f_31;
      i_33  =  i_25 + 64;
      f_24  =  f_32;
      i_25  =  i_33;
    }
    adf_6[i_22]  =  f_24;
    barrier(CLK_LOCAL_MEM_FENCE);
    i_34  =  32;
    for(;i_34 >= 1;)
    {
      b_35  =  i_22 < i_34;
      if(b_35)
      {
        f_36  =  adf_6[i_22];
        i_37  =  i_34 + i_22;
        f_38  =  adf_6[i_37];
        f_39  =  f_36 + f_38;
        adf_6[i_22]  =  f_39;
      }
      barrier(CLK_LOCAL_MEM_FENCE);
      i_40  =  i_34 >> 1;
      i_34  =  i_40;
    }
    f_41  =  adf_6[0];
    barrier(CLK_LOCAL_MEM_FENCE);
    f_42  =  f_41 / f_21;
    f_43  =  f_42;
  }
  else
  {
    f_43  =  0.0F;
  }
  f_44  =  0.0F;
  i_45  =  i_22;
  for(;i_45 < i_8;)
  {
    i_46  =  i_20 + i_45;
    l_47  =  (long) i_46;
    l_48  =  l_47 + 4L;
    l_49  =  l_48 << 2;
    ul_50  =  ul_2 + l_49;
    f_51  =  *((__global float *) ul_50);
    f_52  =  f_51 - f_43;
    f_53  =  fma(f_52, f_52, f_44);
    i_54  =  i_45 + 64;
    f_44  =  f_53;
    i_45  =  i_54;
  }
  adf_6[i_22]  =  f_44;
  barrier(CLK_LOCAL_MEM_FENCE);
  i_55  =  32;
  for(;i_55 >= 1;)
  {
    b_56  =  i_22 < i_55;
    if(b_56)
    {
      f_57  =  adf_6[i_22];
      i_58  =  i_55 + i_22;
      f_59  =  adf_6[i_58];
      f_60  =  f_57 + f_59;
      adf_6[i_22]  =  f_60;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    i_61  =  i_55 >> 1;
    i_55  =  i_61;
  }
  f_62  =  adf_6[0];
  ul_63  =  ul_1 + 16L;
  f_64  =  *((__global float *) ul_63);
  b_65  =  i_10 == 2;
  if(b_65)
  {
    f_66  =  sqrt(f_62);
    i_67  =  isless(f_66, f_64);
    if(i_67 == 1)
    {
      f_68  =  f_64;
    }
    else
    {
      f_68  =  f_66;
    }
    ul_69  =  ul_1 + 20L;
    f_70  =  *((__global float *) ul_69);
    f_71  =  f_70 / f_68;
    f_72  =  f_71;
  }
  else
  {
    f_73  =  f_62 / f_21;
    f_74  =  f_73 + f_64;
    f_75  =  rsqrt(f_74);
    f_72  =  f_75;
  }
  b_76  =  i_10 == 3;
  if(b_76)
  {
    b_77  =  i_22 == 0;
    if(b_77)
    {
      i_78  =  *((__global int *) ul_15);
      i_79  =  i_78 + i_18;
      l_80  =  (long) i_79;
      l_81  =  l_80 + 4L;
      l_82  =  l_81 << 2;
      ul_83  =  ul_5 + l_82;
      *((__global float *) ul_83)  =  f_72;
      i_84  =  0;
    }
    else
    {
      i_84  =  0;
    }
  }
  else
  {
    i_84  =  i_8;
  }
  ul_85  =  ul_0 + 40L;
  i_86  =  *((__global int *) ul_85);
  ul_87  =  ul_0 + 44L;
  i_88  =  *((__global int *) ul_87);
  i_89  =  i_16 + i_19;
  i_90  =  i_22;
  for(;i_90 < i_84;)
  {
    i_91  =  i_20 + i_90;
    l_92  =  (long) i_91;
    l_93  =  l_92 + 4L;
    l_94  =  l_93 << 2;
    ul_95  =  ul_2 + l_94;
    f_96  =  *((__global float *) ul_95);
    f_97  =  f_96 - f_43;
    f_98  =  f_72 * f_97;
    b_99  =  i_86 == 1;
    if(b_99)
    {
      ul_100  =  ul_0 + 24L;
      i_101  =  *((__global int *) ul_100);
      i_102  =  i_101 + i_90;
      l_103  =  (long) i_102;
      l_104  =  l_103 + 4L;
      l_105  =  l_104 << 2;
      ul_106  =  ul_3 + l_105;
      f_107  =  *((__global float *) ul_106);
      f_108  =  f_98 * f_107;
      f_109  =  f_108;
    }
    else
    {
      f_109  =  f_98;
    }
    b_110  =  i_88 == 1;
    if(b_110)
    {
      ul_111  =  ul_0 + 28L;
      i_112  =  *((__global int *) ul_111);
      i_113  =  i_112 + i_90;
      l_114  =  (long) i_113;
      l_115  =  l_114 + 4L;
      l_116  =  l_115 << 2;
      ul_117  =  ul_4 + l_116;
      f_118  =  *((__global float *) ul_117);
      f_119  =  f_109 + f_118;
      f_120  =  f_119;
    }
    else
    {
      f_120  =  f_109;
    }
    i_121  =  i_89 + i_90;
    l_122  =  (long) i_121;
    l_123  =  l_122 + 4L;
    l_124  =  l_123 << 2;
    ul_125  =  ul_5 + l_124;
    *((__global float *) ul_125)  =  f_120;
    i_126  =  i_90 + 64;
    i_90  =  i_126;
  }
  i_127  =  get_global_id(0);
  i_128  =  get_global_id(1);
  i_129  =  i_127 + i_128;
  i_130  =  get_global_id(2);
  i_131  =  i_129 + i_130;
  b_132  =  i_131 == 0;
  if(b_132)
  {
    ul_133  =  ul_0 + 264L;
    i_134  =  *((__global int *) ul_133);
    ul_135  =  ul_0 + 268L;
    *((__global int *) ul_135)  =  i_134;
  }
  return;
}
