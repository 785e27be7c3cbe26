__kernel void t3_modulate(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *scale, __global uchar *shift, __global uchar *y)
{
  bool b_81, b_97;
  float f_70, f_75, f_80, f_82, f_83, f_84, f_85;
  int i_6, i_8, i_10, i_12, i_14, i_15, i_16, i_17, i_18, i_23, i_24, i_25, i_26, i_27, i_28, i_29, i_30, i_31, i_32, i_33, i_38, i_39, i_44, i_45, i_50, i_51, i_56, i_57, i_58, i_59, i_60, i_61, i_62, i_63, i_64, i_65, i_86, i_87, i_92, i_93, i_94, i_95, i_96, i_99;
  long l_34, l_35, l_36, l_40, l_41, l_42, l_46, l_47, l_48, l_52, l_53, l_54, l_66, l_67, l_68, l_71, l_72, l_73, l_76, l_77, l_78, l_88, l_89, l_90;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_5, ul_7, ul_9, ul_11, ul_13, ul_19, ul_20, ul_21, ul_22, ul_37, ul_43, ul_49, ul_55, ul_69, ul_74, ul_79, ul_91, ul_98, ul_100;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) x;
  ul_2  =  (ulong) scale;
  ul_3  =  (ulong) shift;
  ul_4  =  (ulong) y;
  ul_5  =  ul_0 + 32L;
  i_6  =  *((__global int *) ul_5);
  ul_7  =  ul_0 + 36L;
  i_8  =  *((__global int *) ul_7);
  ul_9  =  ul_0 + 40L;
  i_10  =  *((__global int *) ul_9);
  ul_11  =  ul_0 + 260L;
  i_12  =  *((__global int *) ul_11);
  ul_13  =  ul_0 + 248L;
  i_14  =  *((__global int *) ul_13);
  i_15  =  i_14 << 6;
  i_16  =  get_global_id(0);
  i_17  =  i_15 + i_16;
  i_18  =  i_10 + -1;
  ul_19  =  ul_0 + 16L;
  ul_20  =  ul_0 + 28L;
  ul_21  =  ul_0 + 24L;
  ul_22  =  ul_0 + 20L;
  i_23  =  i_17;
  for(;i_23 < i_6;)
  {
    i_24  =  *((__global int *) ul_22);
    i_25  =  *((__global int *) ul_21);
    i_26  =  *((__global int *) ul_20);
    i_27  =  i_23;
    i_28  =  i_24;
    i_29  =  i_25;
    i_30  =  i_26;
    i_31  =  i_18;
    for(;i_31 >= 0;)
    {
      i_32  =  i_31 << 2;
      i_33  =  i_32 + 7;
      l_34  =  (long) i_33;
      l_35  =  l_34 + 4L;
      l_36  =  l_35 << 2;
      ul_37  =  ul_0 + l_36;
      i_38  =  *((__global int *) ul_37);
      i_39  =  i_32 + 8;
      l_40  =  (long) i_39;
      l_41  =  l_40 + 4L;
      l_42  =  l_41 << 2;
      ul_43  =  ul_0 + l_42;
      i_44  =  *((__global int *) ul_43);
      i_45  =  i_32 + 9;
      l_46  =  (long) i_45;
      l_47  =  l_46 + 4L;
      l_48  =  l_47 << 2;
      ul_49  =  ul_0 + l_48;
      i_50  =  *((__global int *) ul_49);
      i_51  =  i_32 + 10;
      l_52  =  (long) i_51;
      l_53  =  l_52 + 4L;
      l_54  =  l_53 << 2;
      ul_55  =  ul_0 + l_54;
      i_56  =  *((__global int *) ul_55);
      i_57  =  i_27 % i_38;
      i_58  =  i_57 * i_56;
      i_59  =  i_30 + i_58;
      i_60  =  i_50 * i_57;
      i_61  =  i_29 + i_60;
      i_62  =  i_44 * i_57;
      i_63  =  i_28 + i_62;
      i_64  =  i_27 / i_38;
      i_65  =  i_31 + -1;
      i_27  =  i_64;
      i_28  =  i_63;
      i_29  =  i_61;
      i_30  =  i_59;
      i_31  =  i_65;
    }
    l_66  =  (long) i_28;
    l_67  =  l_66 + 4L;
    l_68  =  l_67 << 2;
    ul_69  =  ul_1 + l_68;
    f_70  =  *((__global float *) ul_69);
    l_71  =  (long) i_29;
    l_72  =  l_71 + 4L;
    l_73  =  l_72 << 2;
    ul_74  =  ul_2 + l_73;
    f_75  =  *((__global float *) ul_74);
    l_76  =  (long) i_30;
    l_77  =  l_76 + 4L;
    l_78  =  l_77 << 2;
    ul_79  =  ul_3 + l_78;
    f_80  =  *((__global float *) ul_79);
    b_81  =  i_8 == 1;
    if(b_81)
    {
      f_82  =  fma(f_75, f_80, f_70);
      f_83  =  f_82;
    }
    else
    {
      f_84  =  f_75 + 1.0F;
      f_85  =  fma(f_84, f_70, f_80);
      f_83  =  f_85;
    }
    i_86  =  *((__global int *) ul_19);
    i_87  =  i_86 + i_23;
    l_88  =  (long) i_87;
    l_89  =  l_88 + 4L;
    l_90  =  l_89 << 2;
    ul_91  =  ul_4 + l_90;
    *((__global float *) ul_91)  =  f_83;
    i_92  =  i_12 + i_23;
    i_23  =  i_92;
  }
  i_93  =  get_global_id(1);
  i_94  =  i_93 + i_16;
  i_95  =  get_global_id(2);
  i_96  =  i_94 + i_95;
  b_97  =  i_96 == 0;
  if(b_97)
  {
    ul_98  =  ul_0 + 264L;
    i_99  =  *((__global int *) ul_98);
    ul_100  =  ul_0 + 268L;
    *((__global int *) ul_100)  =  i_99;
  }
  return;
}
