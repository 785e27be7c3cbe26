__kernel void t3_narrow(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_38, b_50, b_77;
  float f_9, f_11, f_23, f_25, f_26, f_28, f_32, f_35, f_36, f_40, f_41, f_44, f_45, f_51, f_52, f_54, f_55, f_58, f_59, f_62, f_63, f_65;
  int i_5, i_7, i_12, i_15, i_16, i_17, i_18, i_24, i_27, i_29, i_30, i_31, i_33, i_34, i_37, i_39, i_42, i_43, i_46, i_47, i_48, i_49, i_53, i_56, i_57, i_60, i_61, i_64, i_66, i_67, i_72, i_73, i_74, i_75, i_76, i_79;
  long l_19, l_20, l_21, l_68, l_69, l_70;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_10, ul_13, ul_14, ul_22, ul_71, ul_78, ul_80;
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
    i_24  =  isless(f_23, 0.0F);
    if(i_24 == 1)
    {
      f_25  =  -f_23;
      f_26  =  f_25;
    }
    else
    {
      f_26  =  f_23;
    }
    i_27  =  isequal(f_23, f_23);
    if(i_27 == 1)
    {
      f_28  =  1.0F / 0.0F;
      i_29  =  isless(f_26, f_11);
      if(i_29 == 1)
      {
        i_30  =  isless(0.0F, f_26);
        if(i_30 == 1)
        {
          i_31  =  isless(f_26, f_28);
          if(i_31 == 1)
          {
            f_32  =  f_26;
            f_32  =  f_26;
            i_33  =  0;
            for(;isgreaterequal(f_32, 2.0F) == 1;)
            {
              i_34  =  i_33 + 1;
              f_35  =  f_32 * 0.5F;
              f_32  =  f_35;
              i_33  =  i_34;
            }
            f_36  =  f_32;
            i_37  =  i_33;
            for(;isless(f_36, 1.0F) == 1;)
            {
              b_38  =  i_7 < i_37;
              if(b_38)
              {
                i_39  =  i_37 + -1;
                f_40  =  f_36 * 2.0F;
                f_36  =  f_40;
                i_37  =  i_39;
              }
              else
              {
                break;
              }
            }
            f_41  =  f_9 * f_36;
            i_42  =  isnan(f_41)? 0 : (int) f_41;
            i_43  =  i_42 + 1;
            f_44  =  (float) i_42;
            f_45  =  f_41 - f_44;
            i_46  =  isless(0.5F, f_45);
            if(i_46 == 1)
            {
              i_47  =  i_43;
            }
            else
            {
              i_48  =  isequal(f_45, 0.5F);
              if(i_48 == 1)
              {
                i_49  =  i_42 % 2;
                b_50  =  i_49 == 1;
                if(b_50)
                {
                  i_47  =  i_43;
                }
                else
                {
                  i_47  =  i_42;
                }
              }
              else
              {
                i_47  =  i_42;
              }
            }
            f_51  =  (float) i_47;
            f_52  =  f_51 / f_9;
            i_53  =  i_37;
            f_54  =  f_52;
            for(;i_53 >= 1;)
            {
              f_55  =  f_54 * 2.0F;
              i_56  =  i_53 + -1;
              i_53  =  i_56;
              f_54  =  f_55;
            }
            i_57  =  i_53;
            f_58  =  f_54;
            for(;i_57 < 0;)
            {
              f_59  =  f_58 * 0.5F;
              i_60  =  i_57 + 1;
              i_57  =  i_60;
              f_58  =  f_59;
            }
            i_61  =  isless(f_23, 0.0F);
            if(i_61 == 1)
            {
              f_62  =  -f_58;
              f_63  =  f_62;
            }
            else
            {
              f_63  =  f_58;
            }
          }
          else
          {
            f_63  =  f_23;
          }
        }
        else
        {
          f_63  =  f_23;
        }
      }
      else
      {
        i_64  =  isless(f_23, 0.0F);
        if(i_64 == 1)
        {
          f_65  =  -1.0F / 0.0F;
          f_63  =  f_65;
        }
        else
        {
          f_63  =  f_28;
        }
      }
    }
    else
    {
      f_63  =  f_23;
    }
    i_66  =  *((__global int *) ul_13);
    i_67  =  i_66 + i_16;
    l_68  =  (long) i_67;
    l_69  =  l_68 + 4L;
    l_70  =  l_69 << 2;
    ul_71  =  ul_3 + l_70;
    *((__global float *) ul_71)  =  f_63;
    i_72  =  i_12 + i_16;
    i_16  =  i_72;
  }
  i_73  =  get_global_id(1);
  i_74  =  i_73 + i_15;
  i_75  =  get_global_id(2);
  i_76  =  i_74 + i_75;
  b_77  =  i_76 == 0;
  if(b_77)
  {
    ul_78  =  ul_0 + 264L;
    i_79  =  *((__global int *) ul_78);
    ul_80  =  ul_0 + 268L;
    *((__global int *) ul_80)  =  i_79;
  }
  return;
}
