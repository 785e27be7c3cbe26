__kernel void t3_binary(__global uchar *ints, __global uchar *floats, __global uchar *a, __global uchar *b, __global uchar *y)
{
  bool b_60, b_63, b_65, b_79;
  float f_54, f_59, f_61, f_62, f_64, f_66, f_67;
  int i_5, i_7, i_9, i_10, i_11, i_15, i_16, i_17, i_18, i_19, i_20, i_21, i_22, i_23, i_24, i_25, i_30, i_31, i_36, i_37, i_42, i_43, i_44, i_45, i_46, i_47, i_48, i_49, i_68, i_69, i_74, i_75, i_76, i_77, i_78, i_81;
  long l_26, l_27, l_28, l_32, l_33, l_34, l_38, l_39, l_40, l_50, l_51, l_52, l_55, l_56, l_57, l_70, l_71, l_72;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_12, ul_13, ul_14, ul_29, ul_35, ul_41, ul_53, ul_58, ul_73, ul_80, ul_82;
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
  i_10  =  i_9 + -1;
  i_11  =  get_global_size(0);
  ul_12  =  ul_0 + 16L;
  ul_13  =  ul_0 + 24L;
  ul_14  =  ul_0 + 20L;
  i_15  =  get_global_id(0);
  i_16  =  i_15;
  for(;i_16 < i_5;)
  {
    i_17  =  *((__global int *) ul_14);
    i_18  =  *((__global int *) ul_13);
    i_19  =  i_16;
    i_20  =  i_17;
    i_21  =  i_18;
    i_22  =  i_10;
    for(;i_22 >= 0;)
    {
      i_23  =  i_22 << 1;
      i_24  =  i_23 + i_22;
      i_25  =  i_24 + 6;
      l_26  =  (long) i_25;
      l_27  =  l_26 + 4L;
      l_28  =  l_27 << 2;
      ul_29  =  ul_0 + l_28;
      i_30  =  *((__global int *) ul_29);
      i_31  =  i_24 + 7;
      l_32  =  (long) i_31;
      l_33  =  l_32 + 4L;
      l_34  =  l_33 << 2;
      ul_35  =  ul_0 + l_34;
      i_36  =  *((__global int *) ul_35);
      i_37  =  i_24 + 8;
      l_38  =  (long) i_37;
      l_39  =  l_38 + 4L;
      l_40  =  l_39 << 2;
      ul_41  =  ul_0 + l_40;
      i_42  =  *((__global int *) ul_41);
      i_43  =  i_19 % i_30;
      i_44  =  i_43 * i_42;
      i_45  =  i_21 + i_44;
      i_46  =  i_36 * i_43;
      i_47  =  i_20 + i_46;
      i_48  =  i_19 / i_30;
      i_49  =  i_22 + -1;
      i_19  =  i_48;
      i_20  =  i_47;
      i_21  =  i_45;
      i_22  =  i_49;
    }
    l_50  =  (long) i_20;
    l_51  =  l_50 + 4L;
    l_52  =  l_51 << 2;
    ul_53  =  ul_1 + l_52;
    f_54  =  *((__global float *) ul_53);
    l_55  =  (long) i_21;
    l_56  =  l_55 + 4L;
    l_57  =  l_56 << 2;
    ul_58  =  ul_2 + l_57;
    f_59  =  *((__global float *) ul_58);
    b_60  =  i_7 == 1;
    if(b_60)
    {
      f_61  =  f_54 - f_59;
      f_62  =  f_61;
    }
    else
    {
      b_63  =  i_7 == 2;
      if(b_63)
      {
        f_64  =  f_54 * f_59;
        f_62  =  f_64;
      }
      else
      {
        b_65  =  i_7 == 3;
        if(b_65)
        {
          f_66  =  f_54 / f_59;
          f_62  =  f_66;
        }
        else
        {
          f_67  =  f_54 + f_59;
          f_62  =  f_67;
        }
      }
    }
    i_68  =  *((__global int *) ul_12);
    i_69  =  i_68 + i_16;
    l_70  =  (long) i_69;
    l_71  =  l_70 + 4L;
    l_72  =  l_71 << 2;
    ul_73  =  ul_3 + l_72;
    *((__global float *) ul_73)  =  f_62;
    i_74  =  i_11 + i_16;
    i_16  =  i_74;
  }
  i_75  =  get_global_id(1);
  i_76  =  i_75 + i_15;
  i_77  =  get_global_id(2);
  i_78  =  i_76 + i_77;
  b_79  =  i_78 == 0;
  if(b_79)
  {
    ul_80  =  ul_0 + 264L;
    i_81  =  *((__global int *) ul_80);
    ul_82  =  ul_0 + 268L;
    *((__global int *) ul_82)  =  i_81;
  }
  return;
}
