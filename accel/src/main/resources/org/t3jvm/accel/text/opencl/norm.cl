__kernel void t3_norm(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *weight, __global uchar *bias, __global uchar *y)
{
  bool b_20, b_32, b_53, b_62, b_73, b_74, b_96, b_107, b_129;
  float f_18, f_21, f_28, f_29, f_33, f_35, f_36, f_38, f_39, f_40, f_41, f_48, f_49, f_50, f_54, f_56, f_57, f_59, f_61, f_63, f_65, f_67, f_68, f_69, f_70, f_71, f_72, f_93, f_94, f_95, f_104, f_105, f_106, f_115, f_116, f_117;
  int i_8, i_10, i_12, i_14, i_15, i_16, i_17, i_19, i_22, i_23, i_30, i_31, i_34, i_37, i_42, i_43, i_51, i_52, i_55, i_58, i_64, i_75, i_76, i_81, i_83, i_85, i_86, i_87, i_88, i_98, i_99, i_109, i_110, i_118, i_123, i_124, i_125, i_126, i_127, i_128, i_131;
  long l_24, l_25, l_26, l_44, l_45, l_46, l_77, l_78, l_79, l_89, l_90, l_91, l_100, l_101, l_102, l_111, l_112, l_113, l_119, l_120, l_121;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_5, ul_7, ul_9, ul_11, ul_13, ul_27, ul_47, ul_60, ul_66, ul_80, ul_82, ul_84, ul_92, ul_97, ul_103, ul_108, ul_114, ul_122, ul_130, ul_132;
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
  ul_11  =  ul_0 + 20L;
  i_12  =  *((__global int *) ul_11);
  ul_13  =  ul_0 + 16L;
  i_14  =  *((__global int *) ul_13);
  i_15  =  get_group_id(0);
  i_16  =  i_8 * i_15;
  i_17  =  i_16 + i_12;
  f_18  =  (float) i_8;
  i_19  =  get_local_id(0);
  b_20  =  i_10 == 1;
  if(b_20)
  {
    f_21  =  0.0F;
    i_22  =  i_19;
    for(;i_22 < i_8;)
    {
      i_23  =  i_17 + i_22;
      l_24  =  (long) i_23;
      l_25  =  l_24 + 4L;
      l_26  =  l_25 << 2;
      ul_27  =  ul_2 + l_26;
      f_28  =  *((__global float *) ul_27);
      f_29  =  f_21 + f_28;
      i_30  =  i_22 + 64;
      f_21  =  f_29;
      i_22  =  i_30;
    }
    adf_6[i_19]  =  f_21;
    barrier(CLK_LOCAL_MEM_FENCE);
    i_31  =  32;
    for(;i_31 >= 1;)
    {
      b_32  =  i_19 < i_31;
      if(b_32)
      {
        f_33  =  adf_6[i_19];
        i_34  =  i_31 + i_19;
        f_35  =  adf_6[i_34];
        f_36  =  f_33 + f_35;
        adf_6[i_19]  =  f_36;
      }
      barrier(CLK_LOCAL_MEM_FENCE);
      i_37  =  i_31 >> 1;
      i_31  =  i_37;
    }
    f_38  =  adf_6[0];
    barrier(CLK_LOCAL_MEM_FENCE);
    f_39  =  f_38 / f_18;
    f_40  =  f_39;
  }
  else
  {
    f_40  =  0.0F;
  }
  f_41  =  0.0F;
  i_42  =  i_19;
  for(;i_42 < i_8;)
  {
    i_43  =  i_17 + i_42;
    l_44  =  (long) i_43;
    l_45  =  l_44 + 4L;
    l_46  =  l_45 << 2;
    ul_47  =  ul_2 + l_46;
    f_48  =  *((__global float *) ul_47);
    f_49  =  f_48 - f_40;
    f_50  =  fma(f_49, f_49, f_41);
    i_51  =  i_42 + 64;
    f_41  =  f_50;
    i_42  =  i_51;
  }
  adf_6[i_19]  =  f_41;
  barrier(CLK_LOCAL_MEM_FENCE);
  i_52  =  32;
  for(;i_52 >= 1;)
  {
    b_53  =  i_19 < i_52;
    if(b_53)
    {
      f_54  =  adf_6[i_19];
      i_55  =  i_52 + i_19;
      f_56  =  adf_6[i_55];
      f_57  =  f_54 + f_56;
      adf_6[i_19]  =  f_57;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    i_58  =  i_52 >> 1;
    i_52  =  i_58;
  }
  f_59  =  adf_6[0];
  ul_60  =  ul_1 + 16L;
  f_61  =  *((__global float *) ul_60);
  b_62  =  i_10 == 2;
  if(b_62)
  {
    f_63  =  sqrt(f_59);
    i_64  =  isless(f_63, f_61);
    if(i_64 == 1)
    {
      f_65  =  f_61;
    }
    else
    {
      f_65  =  f_63;
    }
    ul_66  =  ul_1 + 20L;
    f_67  =  *((__global float *) ul_66);
    f_68  =  f_67 / f_65;
    f_69  =  f_68;
  }
  else
  {
    f_70  =  f_59 / f_18;
    f_71  =  f_70 + f_61;
    f_72  =  rsqrt(f_71);
    f_69  =  f_72;
  }
  b_73  =  i_10 == 3;
  if(b_73)
  {
    b_74  =  i_19 == 0;
    if(b_74)
    {
      i_75  =  *((__global int *) ul_13);
      i_76  =  i_75 + i_15;
      l_77  =  (long) i_76;
      l_78  =  l_77 + 4L;
      l_79  =  l_78 << 2;
      ul_80  =  ul_5 + l_79;
      *((__global float *) ul_80)  =  f_69;
      i_81  =  0;
    }
    else
    {
      i_81  =  0;
    }
  }
  else
  {
    i_81  =  i_8;
  }
  ul_82  =  ul_0 + 40L;
  i_83  =  *((__global int *) ul_82);
  ul_84  =  ul_0 + 44L;
  i_85  =  *((__global int *) ul_84);
  i_86  =  i_14 + i_16;
  i_87  =  i_19;
  for(;i_87 < i_81;)
  {
    i_88  =  i_17 + i_87;
    l_89  =  (long) i_88;
    l_90  =  l_89 + 4L;
    l_91  =  l_90 << 2;
    ul_92  =  ul_2 + l_91;
    f_93  =  *((__global float *) ul_92);
    f_94  =  f_93 - f_40;
    f_95  =  f_69 * f_94;
    b_96  =  i_83 == 1;
    if(b_96)
    {
      ul_97  =  ul_0 + 24L;
      i_98  =  *((__global int *) ul_97);
      i_99  =  i_98 + i_87;
      l_100  =  (long) i_99;
      l_101  =  l_100 + 4L;
      l_102  =  l_101 << 2;
      ul_103  =  ul_3 + l_102;
      f_104  =  *((__global float *) ul_103);
      f_105  =  f_95 * f_104;
      f_106  =  f_105;
    }
    else
    {
      f_106  =  f_95;
    }
    b_107  =  i_85 == 1;
    if(b_107)
    {
      ul_108  =  ul_0 + 28L;
      i_109  =  *((__global int *) ul_108);
      i_110  =  i_109 + i_87;
      l_111  =  (long) i_110;
      l_112  =  l_111 + 4L;
      l_113  =  l_112 << 2;
      ul_114  =  ul_4 + l_113;
      f_115  =  *((__global float *) ul_114);
      f_116  =  f_106 + f_115;
      f_117  =  f_116;
    }
    else
    {
      f_117  =  f_106;
    }
    i_118  =  i_86 + i_87;
    l_119  =  (long) i_118;
    l_120  =  l_119 + 4L;
    l_121  =  l_120 << 2;
    ul_122  =  ul_5 + l_121;
    *((__global float *) ul_122)  =  f_117;
    i_123  =  i_87 + 64;
    i_87  =  i_123;
  }
  i_124  =  get_global_id(0);
  i_125  =  get_global_id(1);
  i_126  =  i_124 + i_125;
  i_127  =  get_global_id(2);
  i_128  =  i_126 + i_127;
  b_129  =  i_128 == 0;
  if(b_129)
  {
    ul_130  =  ul_0 + 264L;
    i_131  =  *((__global int *) ul_130);
    ul_132  =  ul_0 + 268L;
    *((__global int *) ul_132)  =  i_131;
  }
  return;
}
