__kernel void t3_unary(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_56, b_72;
  float f_9, f_11, f_28, f_32, f_33, f_34, f_35, f_36, f_37, f_38, f_39, f_40, f_41, f_42, f_43, f_44, f_45, f_46, f_47, f_49, f_54, f_55, f_59;
  int i_5, i_7, i_13, i_15, i_16, i_17, i_18, i_21, i_22, i_23, i_29, i_30, i_31, i_48, i_50, i_51, i_52, i_53, i_57, i_58, i_60, i_61, i_62, i_67, i_68, i_69, i_70, i_71, i_74;
  long l_24, l_25, l_26, l_63, l_64, l_65;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_10, ul_12, ul_14, ul_19, ul_20, ul_27, ul_66, ul_73, ul_75;
  ul_0  =  (ulong) ints;
  ul_1  =  (ulong) floats;
  ul_2  =  (ulong) x;
  ul_3  =  (ulong) y;
  ul_4  =  ul_0 + 24L;
  i_5  =  *((__global int *) ul_4);
  ul_6  =  ul_0 + 28L;
  i_7  =  *((__global int *) ul_6);
  ul_8  =  ul_1 + 16L;
  f_9  =  *((__global float *) ul_8);
  ul_10  =  ul_1 + 20L;
  f_11  =  *((__global float *) ul_10);
  ul_12  =  ul_0 + 260L;
  i_13  =  *((__global int *) ul_12);
  ul_14  =  ul_0 + 248L;
  i_15  =  *((__global int *) ul_14);
  i_16  =  i_15 << 6;
  i_17  =  get_global_id(0);
  i_18  =  i_16 + i_17;
  ul_19  =  ul_0 + 16L;
  ul_20  =  ul_0 + 20L;
  i_21  =  i_18;
  for(;i_21 < i_5;)
  {
    i_22  =  *((__global int *) ul_20);
    i_23  =  i_22 + i_21;
    l_24  =  (long) i_23;
    l_25  =  l_24 + 4L;
    l_26  =  l_25 << 2;
    ul_27  =  ul_2 + l_26;
    f_28  =  *((__global float *) ul_27);
    i_29  =  isnan(f_28)? 0 : (int) f_28;
    i_30  =  i_29 & 255;
    i_31  =  i_7;
    switch(i_31)     {
      case 0:
      f_32  =  -f_28;
      f_33  =  exp(f_32);
      f_34  =  f_33 + 1.0F;
      f_35  =  f_28 / f_34;
      f_36  =  f_35;
      break;
      case 1:
      f_37  =  f_28 * 0.044715F;
      f_38  =  f_37 * f_28;
      f_39  =  fma(f_38, f_28, f_28);
      f_40  =  f_39 * 0.7978846F;
      f_41  =  f_40 * -2.0F;
      f_42  =  exp(f_41);
      f_43  =  f_42 + 1.0F;
      f_44  =  f_28 / f_43;
      f_36  =  f_44;
      break;
      case 2:
      f_45  =  exp(f_28);
      f_36  =  f_45;
      break;
      case 3:
      f_46  =  sqrt(f_28);
      f_36  =  f_46;
      break;
      case 4:
      f_47  =  fma(f_9, f_28, f_11);
      f_36  =  f_47;
      break;
      case 5:
      i_48  =  isless(f_28, f_9);
      if(i_48 == 1)
      {
        f_49  =  f_9;
      }
      else
      {
        f_49  =  f_28;
      }
      i_50  =  isless(f_11, f_28);
      if(i_50 == 1)
      {
        f_36  =  f_11;
      }
      else
      {
        f_36  =  f_49;
      }
      break;
      case 6:
      i_51  =  isequal(f_28, f_28);
      if(i_51 == 1)
      {
        i_52  =  isless(f_28, 8388608.0F);
        if(i_52 == 1)
        {
          i_53  =  isless(-8388608.0F, f_28);
          if(i_53 == 1)
          {
            f_54  =  (float) i_29;
            f_36  =  f_54;
          }
          else
          {
            f_36  =  f_28;
          }
        }
        else
        {
          f_36  =  f_28;
        }
      }
      else
      {
        f_36  =  0.0F;
      }
      break;
      case 7:
      f_55  =  (float) i_30;
      f_36  =  f_55;
      break;
      case 8:
      b_56  =  i_30 >= 0 && i_30 < 128;
      if(b_56)
      {
        i_57  =  i_30;
      }
      else
      {
        i_58  =  i_30 + -256;
        i_57  =  i_58;
      }
      f_59  =  (float) i_57;
      f_36  =  f_59;
      break;
      case 9:
      i_60  =  isequal(f_28, 0.0F);
      if(i_60 == 1)
      {
        f_36  =  0.0F;
      }
      else
      {
        f_36  =  1.0F;
      }
      break;
      default:
      f_36  =  f_28;
      break;
    }
    i_61  =  *((__global int *) ul_19);
    i_62  =  i_61 + i_21;
    l_63  =  (long) i_62;
    l_64  =  l_63 + 4L;
    l_65  =  l_64 << 2;
    ul_66  =  ul_3 + l_65;
    *((__global float *) ul_66)  =  f_36;
    i_67  =  i_13 + i_21;
    i_21  =  i_67;
  }
  i_68  =  get_global_id(1);
  i_69  =  i_68 + i_17;
  i_70  =  get_global_id(2);
  i_71  =  i_69 + i_70;
  b_72  =  i_71 == 0;
  if(b_72)
  {
    ul_73  =  ul_0 + 264L;
    i_74  =  *((__global int *) ul_73);
    ul_75  =  ul_0 + 268L;
    *((__global int *) ul_75)  =  i_74;
  }
  return;
}
