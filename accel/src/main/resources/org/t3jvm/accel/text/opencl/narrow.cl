__kernel void t3_narrow(__global uchar *ints, __global uchar *floats, __global uchar *x, __global uchar *y)
{
  bool b_43, b_55, b_82;
  float f_9, f_11, f_28, f_30, f_31, f_33, f_37, f_40, f_41, f_45, f_46, f_49, f_50, f_56, f_57, f_59, f_60, f_63, f_64, f_67, f_68, f_70;
  int i_5, i_7, i_13, i_15, i_16, i_17, i_18, i_21, i_22, i_23, i_29, i_32, i_34, i_35, i_36, i_38, i_39, i_42, i_44, i_47, i_48, i_51, i_52, i_53, i_54, i_58, i_61, i_62, i_65, i_66, i_69, i_71, i_72, i_77, i_78, i_79, i_80, i_81, i_84;
  long l_24, l_25, l_26, l_73, l_74, l_75;
  ulong ul_0, ul_1, ul_2, ul_3, ul_4, ul_6, ul_8, ul_10, ul_12, ul_14, ul_19, ul_20, ul_27, ul_76, ul_83, ul_85;
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
    i_29  =  isless(f_28, 0.0F);
    if(i_29 == 1)
    {
      f_30  =  -f_28;
      f_31  =  f_30;
    }
    else
    {
      f_31  =  f_28;
    }
    i_32  =  isequal(f_28, f_28);
    if(i_32 == 1)
    {
      f_33  =  1.0F / 0.0F;
      i_34  =  isless(f_31, f_11);
      if(i_34 == 1)
      {
        i_35  =  isless(0.0F, f_31);
        if(i_35 == 1)
        {
          i_36  =  isless(f_31, f_33);
          if(i_36 == 1)
          {
            f_37  =  f_31;
            f_37  =  f_31;
            i_38  =  0;
            for(;isgreaterequal(f_37, 2.0F) == 1;)
            {
              i_39  =  i_38 + 1;
              f_40  =  f_37 * 0.5F;
              f_37  =  f_40;
              i_38  =  i_39;
            }
            f_41  =  f_37;
            i_42  =  i_38;
            for(;isless(f_41, 1.0F) == 1;)
            {
              b_43  =  i_7 < i_42;
              if(b_43)
              {
                i_44  =  i_42 + -1;
                f_45  =  f_41 * 2.0F;
                f_41  =  f_45;
                i_42  =  i_44;
              }
              else
              {
                break;
              }
            }
            f_46  =  f_9 * f_41;
            i_47  =  isnan(f_46)? 0 : (int) f_46;
            i_48  =  i_47 + 1;
            f_49  =  (float) i_47;
            f_50  =  f_46 - f_49;
            i_51  =  isless(0.5F, f_50);
            if(i_51 == 1)
            {
              i_52  =  i_48;
            }
            else
            {
              i_53  =  isequal(f_50, 0.5F);
              if(i_53 == 1)
              {
                i_54  =  i_47 % 2;
                b_55  =  i_54 == 1;
                if(b_55)
                {
                  i_52  =  i_48;
                }
                else
                {
                  i_52  =  i_47;
                }
              }
              else
              {
                i_52  =  i_47;
              }
            }
            f_56  =  (float) i_52;
            f_57  =  f_56 / f_9;
            i_58  =  i_42;
            f_59  =  f_57;
            for(;i_58 >= 1;)
            {
              f_60  =  f_59 * 2.0F;
              i_61  =  i_58 + -1;
              i_58  =  i_61;
              f_59  =  f_60;
            }
            i_62  =  i_58;
            f_63  =  f_59;
            for(;i_62 < 0;)
            {
              f_64  =  f_63 * 0.5F;
              i_65  =  i_62 + 1;
              i_62  =  i_65;
              f_63  =  f_64;
            }
            i_66  =  isless(f_28, 0.0F);
            if(i_66 == 1)
            {
              f_67  =  -f_63;
              f_68  =  f_67;
            }
            else
            {
              f_68  =  f_63;
            }
          }
          else
          {
            f_68  =  f_28;
          }
        }
        else
        {
          f_68  =  f_28;
        }
      }
      else
      {
        i_69  =  isless(f_28, 0.0F);
        if(i_69 == 1)
        {
          f_70  =  -1.0F / 0.0F;
          f_68  =  f_70;
        }
        else
        {
          f_68  =  f_33;
        }
      }
    }
    else
    {
      f_68  =  f_28;
    }
    i_71  =  *((__global int *) ul_19);
    i_72  =  i_71 + i_21;
    l_73  =  (long) i_72;
    l_74  =  l_73 + 4L;
    l_75  =  l_74 << 2;
    ul_76  =  ul_3 + l_75;
    *((__global float *) ul_76)  =  f_68;
    i_77  =  i_13 + i_21;
    i_21  =  i_77;
  }
  i_78  =  get_global_id(1);
  i_79  =  i_78 + i_17;
  i_80  =  get_global_id(2);
  i_81  =  i_79 + i_80;
  b_82  =  i_81 == 0;
  if(b_82)
  {
    ul_83  =  ul_0 + 264L;
    i_84  =  *((__global int *) ul_83);
    ul_85  =  ul_0 + 268L;
    *((__global int *) ul_85)  =  i_84;
  }
  return;
}
