__kernel void t3_modulate(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *scale, __global uchar *shift, __global uchar *y)
{
  bool b_76, b_92;
  float f_65, f_70, f_75, f_77, f_78, f_79, f_80;
  int i_6, i_8, i_10, i_11, i_12, i_17, i_18, i_19, i_20, i_21, i_22, i_23, i_24, i_25, i_26, i_27, i_28, i_33, i_34, i_39, i_40, i_45, i_46, i_51, i_52, i_53, i_54, i_55, i_56, i_57, i_58, i_59, i_60, i_81, i_82, i_87, i_88, i_89, i_90, i_91, i_94;
  long l_29, l_30, l_31, l_35, l_36, l_37, l_41, l_42, l_43, l_47, l_48, l_49, l_61, l_62, l_63, l_66, l_67, l_68, l_71, l_72, l_73, l_83, l_84, l_85;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_5, ul_7, ul_9, ul_13, ul_14, ul_15, ul_16, ul_32, ul_38, ul_44, ul_50, ul_64, ul_69, ul_74, ul_86, ul_93, ul_95;
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
  i_11  =  i_10 + -1;
  i_12  =  get_global_size(0);
  ul_13  =  ul_0 + 16L;
  ul_14  =  ul_0 + 28L;
  ul_15  =  ul_0 + 24L;
  ul_16  =  ul_0 + 20L;
  i_17  =  get_global_id(0);
  i_18  =  i_17;
  for(;i_18 < i_6;)
  {
    i_19  =  *((__global int *) ul_16);
    i_20  =  *((__global int *) ul_15);
    i_21  =  *((__global int *) ul_14);
    i_22  =  i_18;
    i_23  =  i_19;
    i_24  =  i_20;
    i_25  =  i_21;
    i_26  =  i_11;
    for(;i_26 >= 0;)
    {
      i_27  =  i_26 << 2;
      i_28  =  i_27 + 7;
      l_29  =  (long) i_28;
      l_30  =  l_29 + 4L;
      l_31  =  l_30 << 2;
      ul_32  =  ul_0 + l_31;
      i_33  =  *((__global int *) ul_32);
      i_34  =  i_27 + 8;
      l_35  =  (long) i_34;
      l_36  =  l_35 + 4L;
      l_37  =  l_36 << 2;
      ul_38  =  ul_0 + l_37;
      i_39  =  *((__global int *) ul_38);
      i_40  =  i_27 + 9;
      l_41  =  (long) i_40;
      l_42  =  l_41 + 4L;
      l_43  =  l_42 << 2;
      ul_44  =  ul_0 + l_43;
      i_45  =  *((__global int *) ul_44);
      i_46  =  i_27 + 10;
      l_47  =  (long) i_46;
      l_48  =  l_47 + 4L;
      l_49  =  l_48 << 2;
      ul_50  =  ul_0 + l_49;
      i_51  =  *((__global int *) ul_50);
      i_52  =  i_22 % i_33;
      i_53  =  i_52 * i_51;
      i_54  =  i_25 + i_53;
      i_55  =  i_45 * i_52;
      i_56  =  i_24 + i_55;
      i_57  =  i_39 * i_52;
      i_58  =  i_23 + i_57;
      i_59  =  i_22 / i_33;
      i_60  =  i_26 + -1;
      i_22  =  i_59;
      i_23  =  i_58;
      i_24  =  i_56;
      i_25  =  i_54;
      i_26  =  i_60;
    }
    l_61  =  (long) i_23;
    l_62  =  l_61 + 4L;
    l_63  =  l_62 << 2;
    ul_64  =  ul_1 + l_63;
    f_65  =  *((__global float *) ul_64);
    l_66  =  (long) i_24;
    l_67  =  l_66 + 4L;
    l_68  =  l_67 << 2;
    ul_69  =  ul_2 + l_68;
    f_70  =  *((__global float *) ul_69);
    l_71  =  (long) i_25;
    l_72  =  l_71 + 4L;
    l_73  =  l_72 << 2;
    ul_74  =  ul_3 + l_73;
    f_75  =  *((__global float *) ul_74);
    b_76  =  i_8 == 1;
    if(b_76)
    {
      f_77  =  fma(f_70, f_75, f_65);
      f_78  =  f_77;
    }
    else
    {
      f_79  =  f_70 + 1.0F;
      f_80  =  fma(f_79, f_65, f_75);
      f_78  =  f_80;
    }
    i_81  =  *((__global int *) ul_13);
    i_82  =  i_81 + i_18;
    l_83  =  (long) i_82;
    l_84  =  l_83 + 4L;
    l_85  =  l_84 << 2;
    ul_86  =  ul_4 + l_85;
    *((__global float *) ul_86)  =  f_78;
    i_87  =  i_12 + i_18;
    i_18  =  i_87;
  }
  i_88  =  get_global_id(1);
  i_89  =  i_88 + i_17;
  i_90  =  get_global_id(2);
  i_91  =  i_89 + i_90;
  b_92  =  i_91 == 0;
  if(b_92)
  {
    ul_93  =  ul_0 + 264L;
    i_94  =  *((__global int *) ul_93);
    ul_95  =  ul_0 + 268L;
    *((__global int *) ul_95)  =  i_94;
  }
  return;
}
