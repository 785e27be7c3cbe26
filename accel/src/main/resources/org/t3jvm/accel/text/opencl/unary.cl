__kernel void t3_unary(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_51, b_67;
  float f_9, f_11, f_23, f_27, f_28, f_29, f_30, f_31, f_32, f_33, f_34, f_35, f_36, f_37, f_38, f_39, f_40, f_41, f_42, f_44, f_49, f_50, f_54;
  int i_5, i_7, i_12, i_15, i_16, i_17, i_18, i_24, i_25, i_26, i_43, i_45, i_46, i_47, i_48, i_52, i_53, i_55, i_56, i_57, i_62, i_63, i_64, i_65, i_66, i_69;
  long l_19, l_20, l_21, l_58, l_59, l_60;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_10, ul_13, ul_14, ul_22, ul_61, ul_68, ul_70;
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
  i_12  =  get_global_size(0);
  ul_13  =  ul_0 + 16L;
  ul_14  =  ul_0 + 20L;
  i_15  =  get_global_id(0);
  i_16  =  i_15;
  for(;i_16 < i_5;)
  {
    i_17  =  *((__global int *) ul_14);
    i_18  =  i_17 + i_16;
    l_19  =  (long) i_18;
    l_20  =  l_19 + 4L;
    l_21  =  l_20 << 2;
    ul_22  =  ul_2 + l_21;
    f_23  =  *((__global float *) ul_22);
    i_24  =  isnan(f_23)? 0 : (int) f_23;
    i_25  =  i_24 & 255;
    i_26  =  i_7;
    switch(i_26)     {
      case 0:
      f_27  =  -f_23;
      f_28  =  exp(f_27);
      f_29  =  f_28 + 1.0F;
      f_30  =  f_23 / f_29;
      f_31  =  f_30;
      break;
      case 1:
      f_32  =  f_23 * 0.044715F;
      f_33  =  f_32 * f_23;
      f_34  =  fma(f_33, f_23, f_23);
      f_35  =  f_34 * 0.7978846F;
      f_36  =  f_35 * -2.0F;
      f_37  =  exp(f_36);
      f_38  =  f_37 + 1.0F;
      f_39  =  f_23 / f_38;
      f_31  =  f_39;
      break;
      case 2:
      f_40  =  exp(f_23);
      f_31  =  f_40;
      break;
      case 3:
      f_41  =  sqrt(f_23);
      f_31  =  f_41;
      break;
      case 4:
      f_42  =  fma(f_9, f_23, f_11);
      f_31  =  f_42;
      break;
      case 5:
      i_43  =  isless(f_23, f_9);
      if(i_43 == 1)
      {
        f_44  =  f_9;
      }
      else
      {
        f_44  =  f_23;
      }
      i_45  =  isless(f_11, f_23);
      if(i_45 == 1)
      {
        f_31  =  f_11;
      }
      else
      {
        f_31  =  f_44;
      }
      break;
      case 6:
      i_46  =  isequal(f_23, f_23);
      if(i_46 == 1)
      {
        i_47  =  isless(f_23, 8388608.0F);
        if(i_47 == 1)
        {
          i_48  =  isless(-8388608.0F, f_23);
          if(i_48 == 1)
          {
            f_49  =  (float) i_24;
            f_31  =  f_49;
          }
          else
          {
            f_31  =  f_23;
          }
        }
        else
        {
          f_31  =  f_23;
        }
      }
      else
      {
        f_31  =  0.0F;
      }
      break;
      case 7:
      f_50  =  (float) i_25;
      f_31  =  f_50;
      break;
      case 8:
      b_51  =  i_25 >= 0 && i_25 < 128;
      if(b_51)
      {
        i_52  =  i_25;
      }
      else
      {
        i_53  =  i_25 + -256;
        i_52  =  i_53;
      }
      f_54  =  (float) i_52;
      f_31  =  f_54;
      break;
      case 9:
      i_55  =  isequal(f_23, 0.0F);
      if(i_55 == 1)
      {
        f_31  =  0.0F;
      }
      else
      {
        f_31  =  1.0F;
      }
      break;
      default:
      f_31  =  f_23;
      break;
    }
    i_56  =  *((__global int *) ul_13);
    i_57  =  i_56 + i_16;
    l_58  =  (long) i_57;
    l_59  =  l_58 + 4L;
    l_60  =  l_59 << 2;
    ul_61  =  ul_3 + l_60;
    *((__global float *) ul_61)  =  f_31;
    i_62  =  i_12 + i_16;
    i_16  =  i_62;
  }
  i_63  =  get_global_id(1);
  i_64  =  i_63 + i_15;
  i_65  =  get_global_id(2);
  i_66  =  i_64 + i_65;
  b_67  =  i_66 == 0;
  if(b_67)
  {
    ul_68  =  ul_0 + 264L;
    i_69  =  *((__global int *) ul_68);
    ul_70  =  ul_0 + 268L;
    *((__global int *) ul_70)  =  i_69;
  }
  return;
}
