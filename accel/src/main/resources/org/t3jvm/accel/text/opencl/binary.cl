__kernel void t3_binary(__global uchar *ints, __global uchar *floats, __global uchar *a, __global uchar *b, __global uchar *y)
{
  bool b_65, b_68, b_70, b_84;
  float f_59, f_64, f_66, f_67, f_69, f_71, f_72;
  int i_5, i_7, i_9, i_11, i_13, i_14, i_15, i_16, i_17, i_21, i_22, i_23, i_24, i_25, i_26, i_27, i_28, i_29, i_30, i_35, i_36, i_41, i_42, i_47, i_48, i_49, i_50, i_51, i_52, i_53, i_54, i_73, i_74, i_79, i_80, i_81, i_82, i_83, i_86;
  long l_31, l_32, l_33, l_37, l_38, l_39, l_43, l_44, l_45, l_55, l_56, l_57, l_60, l_61, l_62, l_75, l_76, l_77;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_10, ul_12, ul_18, ul_19, ul_20, ul_34, ul_40, ul_46, ul_58, ul_63, ul_78, ul_85, ul_87;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) a;
  ul_2  =  (ulong) b;
  ul_3  =  (ulong) y;
  ul_4  =  ul_0 + 28L;
  i_5  =  *((__global int *) ul_4);
  ul_6  =  ul_0 + 32L;
  i_7  =  *((__global int *) ul_6);
  ul_8  =  ul_0 + 36L;
  i_9  =  *((__global int *) ul_8);
  ul_10  =  ul_0 + 260L;
  i_11  =  *((__global int *) ul_10);
  ul_12  =  ul_0 + 248L;
  i_13  =  *((__global int *) ul_12);
  i_14  =  i_13 << 6;
  i_15  =  get_global_id(0);
  i_16  =  i_14 + i_15;
  i_17  =  i_9 + -1;
  ul_18  =  ul_0 + 16L;
  ul_19  =  ul_0 + 24L;
  ul_20  =  ul_0 + 20L;
  i_21  =  i_16;
  for(;i_21 < i_5;)
  {
    i_22  =  *((__global int *) ul_20);
    i_23  =  *((__global int *) ul_19);
    i_24  =  i_21;
    i_25  =  i_22;
    i_26  =  i_23;
    i_27  =  i_17;
    for(;i_27 >= 0;)
    {
      i_28  =  i_27 << 1;
      i_29  =  i_28 + i_27;
      i_30  =  i_29 + 6;
      l_31  =  (long) i_30;
      l_32  =  l_31 + 4L;
      l_33  =  l_32 << 2;
      ul_34  =  ul_0 + l_33;
      i_35  =  *((__global int *) ul_34);
      i_36  =  i_29 + 7;
      l_37  =  (long) i_36;
      l_38  =  l_37 + 4L;
      l_39  =  l_38 << 2;
      ul_40  =  ul_0 + l_39;
      i_41  =  *((__global int *) ul_40);
      i_42  =  i_29 + 8;
      l_43  =  (long) i_42;
      l_44  =  l_43 + 4L;
      l_45  =  l_44 << 2;
      ul_46  =  ul_0 + l_45;
      i_47  =  *((__global int *) ul_46);
      i_48  =  i_24 % i_35;
      i_49  =  i_48 * i_47;
      i_50  =  i_26 + i_49;
      i_51  =  i_41 * i_48;
      i_52  =  i_25 + i_51;
      i_53  =  i_24 / i_35;
      i_54  =  i_27 + -1;
      i_24  =  i_53;
      i_25  =  i_52;
      i_26  =  i_50;
      i_27  =  i_54;
    }
    l_55  =  (long) i_25;
    l_56  =  l_55 + 4L;
    l_57  =  l_56 << 2;
    ul_58  =  ul_1 + l_57;
    f_59  =  *((__global float *) ul_58);
    l_60  =  (long) i_26;
    l_61  =  l_60 + 4L;
    l_62  =  l_61 << 2;
    ul_63  =  ul_2 + l_62;
    f_64  =  *((__global float *) ul_63);
    b_65  =  i_7 == 1;
    if(b_65)
    {
      f_66  =  f_59 - f_64;
      f_67  =  f_66;
    }
    else
    {
      b_68  =  i_7 == 2;
      if(b_68)
      {
        f_69  =  f_59 * f_64;
        f_67  =  f_69;
      }
      else
      {
        b_70  =  i_7 == 3;
        if(b_70)
        {
          f_71  =  f_59 / f_64;
          f_67  =  f_71;
        }
        else
        {
          f_72  =  f_59 + f_64;
          f_67  =  f_72;
        }
      }
    }
    i_73  =  *((__global int *) ul_18);
    i_74  =  i_73 + i_21;
    l_75  =  (long) i_74;
    l_76  =  l_75 + 4L;
    l_77  =  l_76 << 2;
    ul_78  =  ul_3 + l_77;
    *((__global float *) ul_78)  =  f_67;
    i_79  =  i_11 + i_21;
    i_21  =  i_79;
  }
  i_80  =  get_global_id(1);
  i_81  =  i_80 + i_15;
  i_82  =  get_global_id(2);
  i_83  =  i_81 + i_82;
  b_84  =  i_83 == 0;
  if(b_84)
  {
    ul_85  =  ul_0 + 264L;
    i_86  =  *((__global int *) ul_85);
    ul_87  =  ul_0 + 268L;
    *((__global int *) ul_87)  =  i_86;
  }
  return;
}
